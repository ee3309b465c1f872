import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { BackendAIClient } from "../../../src/api/index.js";
import { silentLogger } from "../../../src/base/logger.js";
import { LoopbackListener } from "../../../src/tunnel/loopbackListener.js";
import type { SessionSsh } from "../../../src/tunnel/sessionSsh.js";
import { TunnelDuplex } from "../../../src/tunnel/tunnelDuplex.js";

const run = promisify(execFile);

/** OpenSSH's own `sftp`, through the same tunnel into the session. It keeps one connection, as ssh users do (`ControlMaster`). */
export class SftpProgram {
  readonly #folder: string;
  readonly #listener: LoopbackListener;

  private constructor(folder: string, listener: LoopbackListener) {
    this.#folder = folder;
    this.#listener = listener;
  }

  static async open(client: BackendAIClient, ssh: SessionSsh, sessionId: string): Promise<SftpProgram> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-sftp-"));
    await writeFile(path.join(folder, "key"), (await ssh.identity()).key, { mode: 0o600 });
    const listener = await LoopbackListener.listen({
      open: async (signal) => new TunnelDuplex(await client.apps.openTunnel(sessionId, "sshd", { signal })),
      logger: silentLogger,
    });
    const program = new SftpProgram(folder, listener);
    await run("ssh", [...program.#options(), "-f", "-N", "-M", "-p", String(listener.port), program.#target]);
    return program;
  }

  /** Reads all of a file, by its path from the home, and keeps nothing of it. */
  async read(name: string): Promise<void> {
    await this.#batch(`get ${name} /dev/null\n`);
  }

  /** Writes a file of this computer over one of the session. */
  async write(local: string, name: string): Promise<void> {
    await this.#batch(`put ${local} ${name}\n`);
  }

  /** A file of this computer with that many zeros; gone with the program. */
  async localFile(bytes: number): Promise<string> {
    const file = path.join(this.#folder, String(bytes));
    await writeFile(file, Buffer.alloc(bytes));
    return file;
  }

  async #batch(commands: string): Promise<void> {
    const batch = path.join(this.#folder, "batch");
    await writeFile(batch, commands);
    await run("sftp", [...this.#options(), "-P", String(this.#listener.port), "-b", batch, this.#target]);
  }

  async end(): Promise<void> {
    await run("ssh", [...this.#options(), "-O", "exit", this.#target]).catch(() => undefined);
    this.#listener.dispose();
    await rm(this.#folder, { recursive: true });
  }

  get #target(): string {
    return "work@127.0.0.1";
  }

  #options(): string[] {
    const settings = {
      BatchMode: "yes",
      ControlPath: path.join(this.#folder, "control"),
      IdentitiesOnly: "yes",
      IdentityFile: path.join(this.#folder, "key"),
      LogLevel: "ERROR",
      StrictHostKeyChecking: "no",
      UserKnownHostsFile: "/dev/null",
    };
    return ["-F", "none", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
  }
}
