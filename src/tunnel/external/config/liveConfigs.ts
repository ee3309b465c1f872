import { rmSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import type { Disposable } from "../../../base/lifecycle.js";
import { PrivateDirectory, replaceFile, socketPathIn } from "../privateDirectory.js";
import { hostsOf, includeLine } from "./hostBlock.js";

/** The name of a window's configuration in its private directory, and of the socket there. */
export const configName = "config";
export const relayName = "relay";

/**
 * The configurations of all windows of this computer, in a folder that outlives them: one file a window, which includes
 * the one in the window's private directory. No window writes another one's file, so none has to wait for another.
 */
export class LiveConfigs implements Disposable {
  readonly #folder: string;
  readonly #own = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** For the `Include` of the user's own configuration; it stays right whatever windows come and go. */
  get pattern(): string {
    return path.join(this.#folder, "*.conf");
  }

  /** Adds a window's private directory until this is disposed. */
  async add(directory: string): Promise<void> {
    const file = path.join(this.#folder, `${path.basename(directory)}.conf`);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#own.add(file);
    await replaceFile(file, `${includeLine(path.join(directory, configName))}\n`);
  }

  /** The hosts of the other windows, each with the id of its session. Windows that ended without a word are forgotten. */
  async hostsOfOthers(): Promise<ReadonlyMap<string, string>> {
    const hosts = new Map<string, string>();
    const names = await readdir(this.#folder).catch(() => []);
    for (const file of names
      .filter((name) => name.endsWith(".conf"))
      .map((name) => path.join(this.#folder, name))) {
      if (!this.#own.has(file)) {
        for (const [host, id] of await liveHosts(file)) {
          hosts.set(host, id);
        }
      }
    }
    return hosts;
  }

  dispose(): void {
    for (const file of this.#own) {
      rmSync(file, { force: true });
    }
  }
}

async function liveHosts(file: string): Promise<ReadonlyMap<string, string>> {
  const config = /^Include "(.*)"$/m.exec(await readFile(file, "utf8").catch(() => ""))?.[1];
  const directory = config && path.dirname(config);
  if (directory !== undefined && PrivateDirectory.isOne(directory)) {
    if (await answers(socketPathIn(directory, relayName))) {
      return hostsOf(await readFile(path.join(directory, configName), "utf8").catch(() => ""));
    }
    await rm(directory, { recursive: true, force: true });
  }
  await rm(file, { force: true });
  return new Map();
}

async function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const answer = (isLive: boolean): void => {
      socket.destroy();
      resolve(isLive);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}
