import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { BackendAIClient } from "../../../src/api/index.js";
import { SshDoor } from "../support/sshDoor.js";

const run = promisify(execFile);
const patienceMs = 300_000;

/** OpenSSH's programs and rsync, through tunnels into a session; each use is a connection of its own. Who opens it ends it. */
export class SshPrograms {
  readonly #door: SshDoor;

  private constructor(door: SshDoor) {
    this.#door = door;
  }

  static async open(client: BackendAIClient, sessionId: string): Promise<SshPrograms> {
    return new SshPrograms(await SshDoor.open(client, sessionId));
  }

  /** Runs a command in the session, and resolves with the bytes that it printed. */
  async ssh(command: string): Promise<number> {
    const { target, port } = this.#door;
    const words = [...this.#door.options(), "-p", port, target, command];
    const options = { encoding: "buffer", maxBuffer: Number.POSITIVE_INFINITY, timeout: patienceMs } as const;
    const { stdout } = await run("ssh", words, options);
    return stdout.length;
  }

  /** Puts a folder into the session's home. */
  async putFolder(folder: string): Promise<void> {
    const { target, port } = this.#door;
    const batch = path.join(this.#door.folder, "batch");
    await writeFile(batch, `put -r "${folder}"\n`);
    await this.#run("sftp", [...this.#door.options(), "-P", port, "-b", batch, target]);
  }

  async rsyncFolder(folder: string): Promise<void> {
    const { target, port } = this.#door;
    const ssh = ["ssh", ...this.#door.options(), "-p", port].join(" ");
    await this.#run("rsync", ["-r", "--rsh", ssh, folder, `${target}:`]);
  }

  async end(): Promise<void> {
    await this.#door.end();
  }

  async #run(program: string, words: readonly string[]): Promise<void> {
    await run(program, [...words], { timeout: patienceMs });
  }
}
