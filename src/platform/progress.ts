import * as vscode from "vscode";
import { signalOf } from "../base/abort.js";
import { labelText, messageText } from "../base/shownText.js";

/** Reports a step of the work in words. */
export type Report = (message: string) => void;

/**
 * Runs `work` behind a notification with a Cancel button; its words are shown as they stand. Cancelling aborts the signal; the work then
 * rejects with an `AbortError`, which a command takes as silence.
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: Report) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  return inNotification({ title: messageText(title) }, async (signal, progress) =>
    work(outer ? AbortSignal.any([outer, signal]) : signal, (message) =>
      progress.report({ message: messageText(message) }),
    ),
  );
}

/** A notification that is there while `work` goes on: words that are shown as they stand, and a link that runs a command. */
export async function withLink(
  { text, link, command }: { readonly text: string; readonly link: string; readonly command: string },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await inNotification({}, async (signal, progress) => {
    const words = messageText(text.replaceAll(/[[\]]/g, " ")); // the link would begin with an open bracket of the text
    progress.report({ message: `${words} [${link}](command:${command})` });
    await work(signal);
  });
}

async function inNotification<T>(
  options: { readonly title?: string },
  work: (signal: AbortSignal, progress: vscode.Progress<{ message: string }>) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ ...options, location, cancellable: true }, async (progress, token) => {
    const { signal, release } = signalOf(token);
    try {
      return await work(signal, progress);
    } finally {
      release();
    }
  });
}

/** Runs `work` beside words in the status bar, which are shown as they stand. */
export async function withStatusProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: labelText(title) },
    work,
  );
}

/** Runs `work` behind a bar at the top of the sessions, without words. */
export async function withSessionsProgress<T>(work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: "backendai.sessions" } }, work);
}
