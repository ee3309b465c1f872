import type { RunOutcome } from "../screen/runScreen.js";

/** What shells make of an interrupt. */
const interrupted = 130;

/** What `timeout(1)` ends with. */
const timedOut = 124;

/**
 * The exit code that a task tells VS Code: the program's own, that of its build, 128 + n for signal n, and 1 for what never
 * started or whose end nobody saw.
 */
export function taskExitCode(outcome: RunOutcome): number {
  switch (outcome.kind) {
    case "finished":
    case "buildFailed":
      return shellCode(outcome.exitCode ?? 1);
    case "stopped":
    case "abandoned":
      return interrupted;
    case "timedOut":
      return timedOut;
    case "left":
    case "failed":
      return 1;
  }
}

/** Servers tell signals as negative codes. */
function shellCode(exitCode: number): number {
  return exitCode < 0 ? 128 - exitCode : exitCode;
}
