import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { deadline } from "../../../src/base/abort.js";
import { endProcessGroup } from "../../host/server/processGroup.js";
import { referenceClients } from "../../reference/clients.js";
import { ensureClient, type InstalledClient } from "../../reference/support/clientEnvironment.js";
import { runProgram } from "../../reference/support/program.js";
import type { Done } from "../harness/sideBySide.js";

/** Longest that one command or request may take. */
const patienceMs = 300_000;

/** The release that is compared with: of `BENCH_CLIENT`, or the one that fits the most servers. */
function chosenClient(): (typeof referenceClients)[number] {
  const version = process.env["BENCH_CLIENT"] ?? "24.9.14";
  const client = referenceClients.find((each) => each.version === version);
  if (client === undefined) {
    throw new Error("BENCH_CLIENT names no release of the reference client.");
  }
  return client;
}

/** Arguments by which the local engine is a server of the client's own time. */
export function engineOfItsTime(): readonly string[] {
  return chosenClient().engine;
}

/** The reference client's two faces: its command line, and its library in a Python that goes on. Who opens it ends it. */
export class ReferenceClient {
  readonly version: string;
  readonly #installed: InstalledClient;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #library: ChildProcess;
  readonly #answers: Interface;
  readonly #waiting: ((line: string) => void)[] = [];

  private constructor(
    version: string,
    installed: InstalledClient,
    { folder, env }: { readonly folder: string; readonly env: NodeJS.ProcessEnv },
  ) {
    this.version = version;
    this.#installed = installed;
    this.#folder = folder;
    this.#env = env;
    this.#library = spawn(installed.python, [path.join(import.meta.dirname, "library.py")], {
      cwd: folder,
      env,
      stdio: ["pipe", "pipe", "inherit"],
      detached: true, // a group of its own, to be ended as one
    });
    this.#answers = createInterface({ input: this.#library.stdout as NodeJS.ReadableStream });
    this.#answers.on("line", (line) => this.#waiting.shift()?.(line));
    this.#answers.on("close", () => {
      for (const take of this.#waiting.splice(0)) {
        take('{"error":"Python has ended."}');
      }
    });
  }

  /** Signed in where `server` says. */
  static async open(server: NodeJS.ProcessEnv): Promise<ReferenceClient> {
    const client = chosenClient();
    const installed = await ensureClient(client);
    const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
    const env = { ...process.env, ...server, HOME: folder, PYTHONIOENCODING: "utf-8" };
    return new ReferenceClient(client.version, installed, { folder, env });
  }

  /** Has the library do something. Rejects with the words of its error. */
  async library(request: { readonly do: string; readonly [key: string]: unknown }): Promise<Done> {
    const late = deadline(patienceMs, "total", "the reference client's library");
    try {
      const line = await new Promise<string>((resolve, reject) => {
        late.signal.addEventListener("abort", () => reject(late.signal.reason as Error));
        this.#waiting.push(resolve);
        this.#library.stdin?.write(`${JSON.stringify(request)}\n`);
      });
      const { error, ...done } = JSON.parse(line) as Done & { readonly error?: string };
      if (error !== undefined) {
        throw new Error(`The reference client's library: ${error}`);
      }
      return done;
    } finally {
      late.clear();
    }
  }

  /** Runs `backend.ai` to its good end, as one types it. Resolves with its output. */
  async command(args: readonly string[], cwd: string): Promise<string> {
    const command = [this.#installed.command, ...args];
    const { code, output } = await runProgram(command, { deadlineMs: patienceMs, cwd, env: this.#env });
    if (code !== 0) {
      throw new Error(`backend.ai ${args.join(" ")} ended with ${String(code)}:\n${output}`);
    }
    return output;
  }

  async end(): Promise<void> {
    this.#library.stdin?.end();
    await endProcessGroup(this.#library);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
