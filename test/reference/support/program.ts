import { type ChildProcess, spawn } from "node:child_process";
import { endProcessGroup, exitOf } from "../../host/server/processGroup.js";

/** How a program is run. */
export interface ProgramOptions {
  readonly deadlineMs: number;
  readonly cwd?: string;
  /** The whole environment; that of the tests if none is given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Given to it as its standard input. */
  readonly input?: string;
}

/** How a program ended, and what it printed. */
export interface ProgramResult {
  /** Its exit code, or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

/**
 * Runs a program to its end.
 * @throws when it is not over at the deadline; it and all that it started are ended by then.
 */
export async function runProgram(
  command: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const program = new Program(command, options);
  try {
    const code = await program.ended;
    return { code, stdout: program.stdout, output: program.output };
  } finally {
    await program.end();
  }
}

/** A program that runs, for at most as long as its deadline says. Whoever starts it, ends it. */
export class Program {
  stdout = "";
  output = "";
  /** The exit code, or the signal that ended it. Rejects when it had to be ended at its deadline. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #timer: NodeJS.Timeout;
  #isLate = false;

  constructor(command: readonly string[], { deadlineMs, cwd, env, input = "" }: ProgramOptions) {
    const [file = "", ...args] = command;
    const child = spawn(file, args, { cwd, env, stdio: "pipe", detached: true });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      this.output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    child.stdin.on("error", () => undefined); // it ended without reading all of it
    child.stdin.end(input);
    this.#child = child;
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      void endProcessGroup(child);
    }, deadlineMs);
    this.ended = this.#waitForEnd(command, deadlineMs);
    this.ended.catch(() => undefined); // asked for by those who care
  }

  /** Ends it, with all that it started, and waits until nothing of it is left. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await endProcessGroup(this.#child);
  }

  async #waitForEnd(command: readonly string[], deadlineMs: number): Promise<number | string> {
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    const code = await exitOf(this.#child);
    if (this.#child.pid !== undefined) {
      await closed; // all of its output has come by then
    }
    clearTimeout(this.#timer);
    if (this.#isLate) {
      const seconds = String(deadlineMs / 1000);
      throw new Error(`${command.join(" ")} was not over after ${seconds} s; it said:\n${this.output}`);
    }
    return code;
  }
}
