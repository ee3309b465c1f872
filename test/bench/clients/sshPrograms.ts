import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { BackendAIClient } from "../../../src/api/index.js";
import { silentLogger } from "../../../src/base/logger.js";
import { LoopbackListener } from "../../../src/tunnel/loopbackListener.js";
import { fetchSessionKey } from "../../../src/tunnel/sessionKey.js";
import { TunnelDuplex } from "../../../src/tunnel/tunnelDuplex.js";

const run = promisify(execFile);
const patienceMs = 300_000;

/** OpenSSH's programs and rsync, through tunnels into a session; each use is a connection of its own. Who opens it ends it. */
export class SshPrograms {
  readonly #folder: string;
  readonly #listener: LoopbackListener;

  private constructor(folder: string, listener: LoopbackListener) {
    this.#folder = folder;
    this.#listener = listener;
  }

  static async open(client: BackendAIClient, sessionId: string): Promise<SshPrograms> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-ssh-"));
    const key = await fetchSessionKey(client, sessionId, undefined);
    await writeFile(path.join(folder, "key"), key, { mode: 0o600 });
    const listener = await LoopbackListener.listen({
      open: async (signal) => new TunnelDuplex(await client.apps.openTunnel(sessionId, "sshd", { signal })),
      logger: silentLogger,
    });
    return new SshPrograms(folder, listener);
  }

  /** Runs a command in the session, and resolves with the bytes that it printed. */
  async ssh(command: string): Promise<number> {
    const words = [...this.#options(), "-p", String(this.#listener.port), target, command];
    const options = { encoding: "buffer", maxBuffer: Number.POSITIVE_INFINITY, timeout: patienceMs } as const;
    const { stdout } = await run("ssh", words, options);
    return stdout.length;
  }

  /** Puts a folder into the session's home. */
  async putFolder(folder: string): Promise<void> {
    const batch = path.join(this.#folder, "batch");
    await writeFile(batch, `put -r "${folder}"\n`);
    await this.#run("sftp", [...this.#options(), "-P", String(this.#listener.port), "-b", batch, target]);
  }

  async rsyncFolder(folder: string): Promise<void> {
    const ssh = ["ssh", ...this.#options(), "-p", String(this.#listener.port)].join(" ");
    await this.#run("rsync", ["-r", "--rsh", ssh, folder, `${target}:`]);
  }

  async end(): Promise<void> {
    this.#listener.dispose();
    await rm(this.#folder, { recursive: true });
  }

  async #run(program: string, words: readonly string[]): Promise<void> {
    await run(program, [...words], { timeout: patienceMs });
  }

  #options(): string[] {
    const settings = {
      BatchMode: "yes",
      IdentitiesOnly: "yes",
      IdentityFile: path.join(this.#folder, "key"),
      LogLevel: "ERROR",
      StrictHostKeyChecking: "no",
      UserKnownHostsFile: "/dev/null",
    };
    return ["-F", "none", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
  }
}

const target = "work@127.0.0.1";
