import assert from "node:assert/strict";
import path from "node:path";
import type { RunningEngine } from "../../../scripts/support/engineProcess.js";
import type { InstalledClient } from "./clientEnvironment.js";
import { Program, type ProgramResult, runProgram } from "./program.js";

/** Longest that one command may take; starting the newest client alone takes seconds on a busy computer. */
export const commandMs = 60_000;

/** Somebody with an installed client, a folder and a server. */
export class ClientUser {
  readonly #client: InstalledClient;
  readonly #folder: string;
  readonly #server: RunningEngine["env"];
  readonly #env: NodeJS.ProcessEnv;

  /** @param folder Where files are looked for, and the home with the client's settings: empty at first. */
  constructor(client: InstalledClient, folder: string, server: RunningEngine["env"]) {
    this.#client = client;
    this.#folder = folder;
    this.#server = server;
    // Variables of the person who runs the tests would be settings of the client, or lead to other packages.
    const foreign = /^(BACKEND|SORNA|PYTHON|XDG_|VIRTUAL_ENV)/;
    const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    const own = { HOME: folder, PYTHONIOENCODING: "utf-8", PYTHONUNBUFFERED: "1" };
    this.#env = { ...Object.fromEntries(inherited), ...own, ...server };
  }

  /** The full path of a file in the user's folder. */
  file(name: string): string {
    return path.join(this.#folder, name);
  }

  /** Somebody else in the same folder, with a key that is not the server's. */
  withSecret(secret: string): ClientUser {
    return new ClientUser(this.#client, this.#folder, { ...this.#server, BACKEND_SECRET_KEY: secret });
  }

  /** Runs `backend.ai` to its end, however it ends. */
  async tryCommand(args: readonly string[], input = ""): Promise<ProgramResult> {
    return runProgram([this.#client.command, ...args], { ...this.#options(), input });
  }

  /** Runs `backend.ai` and resolves with what it printed, when all went well. */
  async command(args: readonly string[], input = ""): Promise<string> {
    const { code, output } = await this.tryCommand(args, input);
    assert.equal(code, 0, `backend.ai ${args.join(" ")} failed:\n${output}`);
    return output;
  }

  /** Starts a `backend.ai` that goes on until it is ended. */
  startCommand(args: readonly string[]): Program {
    return new Program([this.#client.command, ...args], this.#options());
  }

  /** Runs a script that uses the library, and resolves with what it wrote to its standard output. */
  async script(file: string, args: readonly string[]): Promise<string> {
    const { code, stdout, output } = await runProgram([this.#client.python, file, ...args], this.#options());
    assert.equal(code, 0, `${file} failed:\n${output}`);
    return stdout;
  }

  #options(): { deadlineMs: number; cwd: string; env: NodeJS.ProcessEnv } {
    return { deadlineMs: commandMs, cwd: this.#folder, env: this.#env };
  }
}
