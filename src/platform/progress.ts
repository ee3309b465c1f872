import * as vscode from "vscode";

/** Reports a step of the work in words. */
export type Report = (message: string) => void;

/**
 * Runs `work` behind a notification with a Cancel button. Cancelling aborts the signal; the work then rejects with an
 * `AbortError`, which a command takes as silence.
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: Report) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const { signal, release } = signalOf(token);
    try {
      return await work(outer ? AbortSignal.any([outer, signal]) : signal, (message) =>
        progress.report({ message }),
      );
    } finally {
      release();
    }
  });
}

/** A token as a signal; `release` unhooks it. */
export function signalOf(token: vscode.CancellationToken): {
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
