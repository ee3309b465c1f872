import { delay } from "../../base/abort.js";

/** Waits before what a lost connection has ended is tried again, in milliseconds. */
const waitsMs = [300, 1000, 3000];

/** What a connection that is lost, or an answer that does not come, throws. */
const lossCodes = ["NETWORK", "TIMEOUT", "STREAM_CLOSED"];

/** Whether the connection is to blame, so that another one may do better. */
export function isLoss(error: unknown): boolean {
  return error instanceof Error && "code" in error && lossCodes.includes(String(error.code));
}

/** Does it again when the connection was lost, a few times; everything else it throws is thrown at once. */
export async function againAfterLoss<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (!isLoss(error)) {
        throw error;
      }
      await delay(waitMs, signal);
    }
  }
  return action();
}
