import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionSummary } from "../../api/index.js";
import { showInformationMessage, showWarningMessage } from "../../platform/shown/notifications.js";
import type { FileRun } from "../fileRun.js";

/** Offers to stop a run that is under way already. */
export async function offerStop(run: FileRun, name: string): Promise<void> {
  const stop = l10n.t("Stop");
  const text = l10n.t("{0} is still running.", name);
  if ((await showInformationMessage(text, stop)) === stop) {
    run.stop();
  }
}

/** Offers stronger means for a program that did not end on an interrupt. */
export async function offerForce(run: FileRun, name: string): Promise<void> {
  const text = l10n.t("{0} has not ended since it was interrupted.", name);
  const force = l10n.t("End by Force");
  if ((await showWarningMessage(text, force)) === force) {
    run.stop();
  }
}

/** Offers what frees a session from a program that nothing could end. */
export async function offerWayOut(name: string, session: SessionSummary): Promise<void> {
  const text = l10n.t(
    "{0} did not end when it was interrupted. Session {1} may be busy until it does.",
    name,
    session.name,
  );
  const [restart, destroy] = [l10n.t("Restart Session"), l10n.t("Destroy Session")];
  const choice = await showWarningMessage(text, restart, destroy);
  if (choice === restart) {
    await vscode.commands.executeCommand("backendai.sessions.restart", session);
  } else if (choice === destroy) {
    await vscode.commands.executeCommand("backendai.sessions.destroy", session);
  }
}
