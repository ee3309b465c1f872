let interrupted: Promise<string> | undefined;

/**
 * Resolves when somebody interrupts the script, so that it can clean up after itself. From the first call on, signals
 * end nothing by themselves: a second Ctrl+C must not cut the clean-up short.
 */
export function interruption(): Promise<string> {
  interrupted ??= new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        resolve(`stopped by ${signal}`);
      });
    }
  });
  return interrupted;
}
