import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { deadline, delay } from "../../../src/base/abort.js";
import { endProcessGroup, exitOf } from "../../host/server/processGroup.js";
import { during, stepSignal } from "./step.js";

/** How a program is run. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given to it as its standard input. */
  readonly input?: string;
  /** Lets everybody else on the computer go first: for work of minutes. */
  readonly nice?: boolean;
  /** Longest that it may take; then it is ended, with all that it started, and has failed. Default 60. */
  readonly seconds?: number;
}

/** How a program ended, and what it printed. */
export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const usualSeconds = 60;

/** How long output may come after the end of a program: what it started may hold its pipes for ever. */
const restMs = 2_000;

/**
 * Runs a program to its end. Does not throw when it fails or takes too long.
 * @throws only what the step around it is given up with.
 */
export async function tryCommand(
  command: readonly string[],
  { cwd, env = {}, input = "", nice = false, seconds = usualSeconds }: CommandOptions = {},
): Promise<CommandResult> {
  const signal = stepSignal();
  signal?.throwIfAborted();
  const [program = "", ...args] = nice ? ["nice", "-n", "10", ...command] : command;
  // A group of its own, so that it can be ended with all that it started.
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: "pipe", detached: true });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdin.on("error", () => undefined); // it ended without reading all of it
  child.stdin.end(input);
  const late = deadline(seconds * 1000, "total", nameOf(command));
  try {
    const given = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
    const code = await during(nameOf(command), async () => endOf(child, given));
    signal?.throwIfAborted();
    const isLate = late.signal.aborted;
    const reason = isLate ? `It was given up after ${seconds} s.` : typeof code === "string" ? code : "";
    return { ok: code === 0 && !isLate, stdout, stderr: stderr + reason };
  } finally {
    late.clear();
  }
}

/**
 * Runs a program to its end and resolves with what it printed.
 * @throws with the last lines that it printed when it fails.
 */
export async function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { ok, stdout, stderr } = await tryCommand(command, options);
  if (!ok) {
    const last = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
    throw new Error(`${nameOf(command)} failed:\n${last}`);
  }
  return stdout;
}

/** The exit code, or what ended it. Its output has come by then; when it was given up, nothing of it is left. */
async function endOf(child: ChildProcessWithoutNullStreams, given: AbortSignal): Promise<number | string> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  let ending: Promise<void> | undefined;
  let giveUp = (): void => undefined;
  const givenUp = new Promise<string>((resolve) => {
    giveUp = () => {
      ending = endProcessGroup(child).then(() => resolve("It can't be ended."));
    };
    given.addEventListener("abort", giveUp, { once: true });
  });
  try {
    const code = await Promise.race([exitOf(child), givenUp]);
    await ending;
    await Promise.race([closed, delay(restMs)]);
    return code;
  } finally {
    given.removeEventListener("abort", giveUp);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function nameOf(command: readonly string[]): string {
  return command.length > 4 ? `${command.slice(0, 4).join(" ")} …` : command.join(" ");
}
