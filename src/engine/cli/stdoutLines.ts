import { closeSync, openSync, writeSync } from "node:fs";
import os from "node:os";

const stdout = 1;

/**
 * Writes to standard output and lets go of it: `eval "$(engine &)"` goes on only when nobody holds its end of the pipe any
 * more, and the engine serves on. Nothing may have used `process.stdout` before, which would hold on to it.
 */
export function writeAndRelease(lines: string): void {
  writeSync(stdout, lines);
  closeSync(stdout);
  // The lowest free number is taken again, so that no socket ever becomes anybody's standard output.
  openSync(os.devNull, "w");
}
