import { delay } from "../../base/abort.js";
import { footLine, type RunOutcome } from "../screen/runScreen.js";
import type { TerminalProgram } from "./terminalProgram.js";

/** How long the last output may take after the exit code, in milliseconds: they come by two ways. */
const lastOutputMs = 2000;

/** How a debugged program ended, in one line for the debug console. */
export function exitWords(name: string, exitCode: number): string {
  return exitCode < 0
    ? `${name} was ended by signal ${-exitCode}.\n`
    : `${name} ended with exit code ${exitCode}.\n`;
}

/** Prints the last line of a program on its terminal, below all that it printed. */
export async function printEnd(
  program: TerminalProgram,
  outcome: RunOutcome,
  elapsedMs: number,
): Promise<void> {
  await Promise.race([program.ended, delay(lastOutputMs)]);
  program.screen.print(footLine(outcome, elapsedMs, { atLineStart: program.isAtLineStart }));
}
