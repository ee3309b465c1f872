import type { Logger } from "../../base/logger.js";

function write(level: string, message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
}

/** Errors, warnings and life events on standard error. */
export const stderrLogger: Logger = {
  error: (message) => write("error", message),
  warn: (message) => write("warn", message),
  info: (message) => write("info", message),
  debug: () => undefined,
  trace: () => undefined,
};
