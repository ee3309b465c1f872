import { NetworkError, TimeoutError } from "../../../base/errors.js";
import { ServerError } from "../../errors.js";
import type { CallOptions, Progress } from "../../options.js";

/** The last parameter of a transfer. */
export interface FolderTransferOptions extends CallOptions {
  /** Goes back where a lost connection took bytes with it. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told of each lost connection that is tried again. */
  readonly onInterruption?: ((error: Error) => void) | undefined;
  /** Times in a row that a lost connection is tried again; 8 (about half a minute) when absent. */
  readonly retries?: number | undefined;
}

/** The last parameter of a download. */
export interface FolderReadOptions extends FolderTransferOptions {
  /** The first byte to be read; 0 when absent. */
  readonly start?: number | undefined;
}

export const defaultRetries = 8;

/** Waits before a transfer goes on, in milliseconds. */
export const transferBackoff = { firstMs: 100, longestMs: 10_000 } as const;

/** Whether another connection may help: it broke, was silent for too long, or a proxy or server failed. */
export function isInterruption(error: unknown): error is Error {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    (error instanceof ServerError && error.status >= 502)
  );
}
