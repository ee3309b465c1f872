import { randomBytes } from "node:crypto";
import { messageOf } from "../../../../../src/base/errors.js";
import { installDebugpy } from "../../../../../src/run/debug/adapter/installDebugpy.js";
import { startAdapter } from "../../../../../src/run/debug/adapter/startAdapter.js";
import { NoDebugpyError } from "../../../../../src/run/debug/adapter/debugErrors.js";
import { childProcess } from "../../../../../src/run/debug/childProcess.js";
import { DebugConversation } from "../../../../../src/run/debug/debugConversation.js";
import { launchArguments } from "../../../../../src/run/debug/launchArguments.js";
import { SessionSources } from "../../../../../src/run/debug/sessionSources.js";
import type { ProgramKeyboard, ProgramScreen } from "../../../../../src/run/debug/terminalProgram.js";
import { readRemoteFile } from "../../../../../src/tunnel/readRemoteFile.js";
import type { SessionSsh } from "../../../../../src/tunnel/sessionSsh.js";
import { openServerTarget, type ServerTarget } from "../../../../support/serverTarget.js";
import { SessionPrograms } from "../../../terminal/support/sessionProgram.js";
import { freshSsh } from "../../../tunnel/support/freshSsh.js";
import { DebugClient } from "./debugClient.js";

const startMs = 240_000;

/** Where the tests say that their folder of this computer is. */
export const localFolder = "/no such folder/of the tests";

/** A screen that remembers. */
export class Screen implements ProgramScreen {
  readonly size = { rows: 24, cols: 80 };
  text = "";
  keyboard: ProgramKeyboard | undefined;

  print(text: string): void {
    this.text += text;
  }

  connect(keyboard: ProgramKeyboard | undefined): void {
    this.keyboard = keyboard;
  }
}

/** A session in which Python can be debugged, and conversations with it. */
export class DebugTarget {
  readonly #target: ServerTarget;
  readonly sessionId: string;
  readonly programs: SessionPrograms;

  constructor(target: ServerTarget, sessionId: string) {
    this.#target = target;
    this.sessionId = sessionId;
    this.programs = new SessionPrograms(target.client, sessionId);
  }

  get isReal(): boolean {
    return this.#target.isReal;
  }

  /** An ssh connection of one's own. Who makes it disposes it. */
  ssh(): SessionSsh {
    return freshSsh(this.#target.client, this.sessionId);
  }

  /** Writes a file into the session. */
  async write(path: string, text: string): Promise<void> {
    const content = new TextEncoder().encode(text);
    await this.#target.client.files.upload(this.sessionId, [{ path, content, size: content.byteLength }]);
  }

  /**
   * A conversation about a file of the session, over a connection of its own that ends with it.
   * @param present Which files this computer has.
   */
  debug(
    remotePath: string,
    configuration: Readonly<Record<string, unknown>> = {},
    present: (path: string) => boolean = () => true,
  ): {
    readonly client: DebugClient;
    readonly screen: Screen;
    readonly ssh: SessionSsh;
    conversation: DebugConversation;
  } {
    const ssh = this.ssh();
    const screen = new Screen();
    const conversation = new DebugConversation({
      prepare: async (signal) => {
        const lease = await ssh.acquire(signal);
        const { connection } = lease;
        const adapter = await startAdapter({ connection, python: "python3", sessionName: "tests", signal });
        const folders = { local: localFolder, remote: adapter.home };
        return {
          ...adapter,
          connection,
          lease: { dispose: () => ssh.dispose() },
          name: remotePath,
          launchArguments: launchArguments({ configuration, folders, remotePath, platform: "linux" }),
          sources: new SessionSources({
            folders,
            exists: (path) => Promise.resolve(present(path)),
            read: async (path) => String(await readRemoteFile(ssh, path, { limitBytes: 1_000_000, signal })),
          }),
          openScreen: () => screen,
        };
      },
      onFailure: (error) => {
        throw error;
      },
    });
    return { client: new DebugClient(conversation), screen, ssh, conversation };
  }

  /** A conversation about a child process of a debugged program. */
  attach(parent: DebugConversation, port: number): DebugClient {
    return new DebugClient(
      new DebugConversation({
        prepare: async () => childProcess(parent, { name: "child", connect: { port } }),
        onFailure: (error) => {
          throw error;
        },
      }),
    );
  }

  async end(): Promise<void> {
    this.programs.dispose();
    await this.#target.client.sessions.destroy(this.sessionId, { forced: true });
    await this.#target.end();
  }
}

/**
 * Inside a `describe`: a session with debugpy for all its tests, on the local engine, or with `TUNNEL_TARGET=environment` on
 * the server of the environment. Where this computer's Python has no debugpy and can't get it, the tests are skipped.
 */
export function withDebugTarget(): () => DebugTarget {
  let target: DebugTarget | undefined;
  before(async function () {
    this.timeout(startMs);
    const server = await openServerTarget(process.env);
    const name = `debug-${randomBytes(4).toString("hex")}`;
    const { id } = await server.client.sessions.create({
      image: server.pythonImage,
      name,
      timeoutMs: 90_000,
    });
    target = new DebugTarget(server, id);
    const reason = await withoutDebugpy(target);
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
  });
  after(async function () {
    this.timeout(startMs);
    await target?.end();
  });
  return () => {
    if (target === undefined) {
      throw new Error("There is no session before the tests begin.");
    }
    return target;
  };
}

/** Why the session has no debugpy after all; `undefined` when it has. */
async function withoutDebugpy(target: DebugTarget): Promise<string | undefined> {
  const ssh = target.ssh();
  const { signal } = new AbortController();
  try {
    const { connection } = await ssh.acquire();
    const start = { connection, python: "python3", sessionName: "tests", signal };
    try {
      (await startAdapter(start)).link.dispose();
    } catch (error) {
      if (!(error instanceof NoDebugpyError)) {
        throw error;
      }
      await installDebugpy(start);
    }
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    ssh.dispose();
  }
}
