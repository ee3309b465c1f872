import { setMaxListeners } from "node:events";
import { TimeoutError, type TimeoutPhase } from "./errors.js";

/** Joins signals, leaving out the absent ones; `undefined` when none is left. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const present = signals.filter((signal) => signal !== undefined);
  return present.length > 1 ? AbortSignal.any(present) : present[0];
}

/** A deadline to be cleared by who set it. */
export interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
}

/**
 * A signal that aborts with a {@link TimeoutError} after `ms` milliseconds. Unlike `AbortSignal.timeout` it says what was
 * waited for, and it can be cleared.
 */
export function deadline(ms: number, phase: TimeoutPhase, what: string): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new TimeoutError(phase, ms, what));
  }, ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/**
 * Rejects with the signal's reason as soon as it aborts; otherwise settles as `promise` does. A promise that is left alone
 * may still fail: nobody waits for it any more, so that is not an unhandled rejection.
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  promise.catch(() => undefined);
  signal.throwIfAborted();
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = whenAborted(signal, reject);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    leave();
  }
}

/**
 * Tells the reason of a signal that is not aborted yet when it aborts; as many may listen as like to.
 * @returns Ends it: a signal that lives on keeps its listeners.
 */
export function whenAborted(signal: AbortSignal, tell: (reason: Error) => void): () => void {
  const onAbort = (): void => tell(reasonOf(signal));
  setMaxListeners(0, signal); // Node takes eleven for a leak
  signal.addEventListener("abort", onAbort, { once: true });
  return () => signal.removeEventListener("abort", onAbort);
}

/** Settles as `promise` does, or rejects with a {@link TimeoutError} after `ms` milliseconds; see {@link abortable}. */
export async function within<T>(
  promise: Promise<T>,
  ms: number,
  phase: TimeoutPhase,
  what: string,
): Promise<T> {
  const limit = deadline(ms, phase, what);
  try {
    return await abortable(promise, limit.signal);
  } finally {
    limit.clear();
  }
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
export async function delay(ms: number, signal?: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await abortable(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      }),
      signal,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** The reason of an aborted signal as an `Error`. */
export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException(String(reason), "AbortError");
}

/** Whether `error` is the cancellation of an operation by its caller, which is no failure. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** A token of VS Code, or of the language server protocol: both have this. */
export interface CancellationToken {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: (listener: () => void) => { dispose(): unknown };
}

/** A token as a signal; `release` unhooks it. */
export function signalOf(token: CancellationToken): {
  readonly signal: AbortSignal;
  release: () => void;
} {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  }
  const hook = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, release: () => void hook.dispose() };
}
