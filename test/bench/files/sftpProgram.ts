import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { BackendAIClient } from "../../../src/api/index.js";
import { SshDoor } from "../support/sshDoor.js";

const run = promisify(execFile);

/** OpenSSH's own `sftp`, through the same tunnel into the session. It keeps one connection, as ssh users do (`ControlMaster`). */
export class SftpProgram {
  readonly #door: SshDoor;

  private constructor(door: SshDoor) {
    this.#door = door;
  }

  static async open(client: BackendAIClient, sessionId: string): Promise<SftpProgram> {
    const door = await SshDoor.open(client, sessionId);
    const program = new SftpProgram(door);
    await run("ssh", [...program.#options(), "-f", "-N", "-M", "-p", door.port, door.target]);
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
    const file = path.join(this.#door.folder, String(bytes));
    await writeFile(file, Buffer.alloc(bytes));
    return file;
  }

  async end(): Promise<void> {
    await run("ssh", [...this.#options(), "-O", "exit", this.#door.target]).catch(() => undefined);
    await this.#door.end();
  }

  async #batch(commands: string): Promise<void> {
    const { folder, port, target } = this.#door;
    const batch = path.join(folder, "batch");
    await writeFile(batch, commands);
    await run("sftp", [...this.#options(), "-P", port, "-b", batch, target]);
  }

  #options(): string[] {
    return this.#door.options({ ControlPath: path.join(this.#door.folder, "control") });
  }
}
