/**
 * Resolves when the process is to stop: SIGINT, SIGTERM, SIGHUP, the end of standard input when that owns it, or an error
 * that nobody caught. Those errors stop the engine in order, so that no session is left behind.
 */
export async function whenToldToStop({ isStdinOwner }: { isStdinOwner: boolean }): Promise<string | Error> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      // A second signal must not kill the process in the middle of ending sessions, so the handlers stay.
      process.on(signal, () => resolve(signal));
    }
    process.on("uncaughtException", resolve);
    process.on("unhandledRejection", (reason) =>
      resolve(reason instanceof Error ? reason : new Error(String(reason))),
    );
    if (isStdinOwner) {
      process.stdin.on("end", () => resolve("stdin"));
      process.stdin.on("close", () => resolve("stdin"));
      process.stdin.on("error", () => resolve("stdin"));
      process.stdin.resume();
    }
    // Whoever reads our output has gone: nobody can use the keys any more, but that is no reason to stop.
    process.stdout.on("error", () => undefined);
    process.stderr.on("error", () => undefined);
  });
}
