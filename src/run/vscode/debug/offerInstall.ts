import * as vscode from "vscode";
import { withProgress } from "../../../platform/progress.js";
import type { Install } from "../../debug/adapter/adapterOrInstall.js";

/** Asks whether debugpy may be installed into a session, and does it behind a notification that can be cancelled. */
export async function offerInstall(
  sessionName: string,
  install: Install,
  signal: AbortSignal,
): Promise<void> {
  const question = `Session ${sessionName} has no debugpy, which debugs Python. Install it into the session?`;
  const detail = "It goes into ~/.backendai/debugpy of the session and changes nothing of its Python.";
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, "Install");
  if (answer !== "Install") {
    throw new DOMException("Debugging was given up.", "AbortError");
  }
  await withProgress(`Installing debugpy in ${sessionName}`, install, signal);
}
