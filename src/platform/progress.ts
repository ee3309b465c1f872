import * as vscode from "vscode";
import { signalOf } from "../base/abort.js";

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
