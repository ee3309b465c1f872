import type { Logger } from "../../base/logger.js";

/**
 * Resolves with what tells the process to stop: SIGINT, SIGTERM, SIGHUP, or the end of standard input when that owns it.
 *
 * An error that nobody caught is no such thing: it is logged and the engine goes on. It belongs to the one request, socket
 * or session in whose callback it was thrown, since all work here hangs on one of these and the little they share (the store,
 * the statuses) is changed without a wait in between. What may be lost by going on is that request; what would be lost by
 * stopping is every session with its processes and files. An engine that cannot start at all rejects `startEngine` instead.
 */
export async function whenToldToStop({
  isStdinOwner,
  logger,
}: {
  isStdinOwner: boolean;
  logger: Logger;
}): Promise<string> {
  const survive = (error: unknown): void => {
    logger.error(`nobody caught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  process.on("uncaughtException", survive);
  process.on("unhandledRejection", survive);
  // Whoever reads our output has gone: nobody can use the keys any more, but that is no reason to stop.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      // A second signal must not kill the process in the middle of ending sessions, so the handlers stay.
      process.on(signal, () => resolve(signal));
    }
    if (isStdinOwner) {
      process.stdin.on("end", () => resolve("stdin"));
      process.stdin.on("close", () => resolve("stdin"));
      process.stdin.on("error", () => resolve("stdin"));
      process.stdin.resume();
    }
  });
}
