import { NoDebugpyError } from "./debugErrors.js";
import { installDebugpy } from "./installDebugpy.js";
import { type AdapterStart, type RunningAdapter, startAdapter } from "./startAdapter.js";

/** Installs, with a word on each step. */
export type Install = (signal: AbortSignal, onProgress: (line: string) => void) => Promise<void>;

/**
 * Starts debugpy's adapter; where debugpy is missing, it is offered to install it.
 * @param offer Calls `install` when the person wants it; throws an abort when not.
 * @throws {DebugpyInstallError} and others of `startAdapter`.
 */
export async function adapterOrInstall(
  start: AdapterStart,
  offer: (install: Install) => Promise<void>,
): Promise<RunningAdapter> {
  try {
    return await startAdapter(start);
  } catch (error) {
    if (!(error instanceof NoDebugpyError)) {
      throw error;
    }
  }
  const { connection, python } = start;
  await offer((signal, onProgress) => installDebugpy({ connection, python, signal, onProgress }));
  return startAdapter(start);
}
