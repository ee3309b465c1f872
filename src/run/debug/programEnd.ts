import * as l10n from "@vscode/l10n";
import { delay } from "../../base/abort.js";
import { footLine, type RunOutcome } from "../screen/runScreen.js";
import type { TerminalProgram } from "./terminalProgram.js";

/** How long the last output may take after the exit code, in milliseconds: they come by two ways. */
const lastOutputMs = 2000;

/** How a debugged program ended, in one line for the debug console. */
export function exitWords(name: string, exitCode: number): string {
  const words =
    exitCode < 0
      ? l10n.t("{0} was ended by signal {1}.", name, -exitCode)
      : l10n.t("{0} ended with exit code {1}.", name, exitCode);
  return `${words}\n`;
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
