import * as vscode from "vscode";
import type { SessionSummary } from "../../api/index.js";
import type { FileRun } from "../fileRun.js";

/** Offers to stop a run that is under way already. */
export async function offerStop(run: FileRun, name: string): Promise<void> {
  if ((await vscode.window.showInformationMessage(`${name} is still running.`, "Stop")) === "Stop") {
    run.stop();
  }
}

/** Offers stronger means for a program that did not end on an interrupt. */
export async function offerForce(run: FileRun, name: string): Promise<void> {
  const text = `${name} has not ended since it was interrupted.`;
  if ((await vscode.window.showWarningMessage(text, "End by Force")) === "End by Force") {
    run.stop();
  }
}

/** Offers what frees a session from a program that nothing could end. */
export async function offerWayOut(name: string, session: SessionSummary): Promise<void> {
  const text = `${name} did not end when it was interrupted. Session ${session.name} may be busy until it does.`;
  const choice = await vscode.window.showWarningMessage(text, "Restart Session", "Destroy Session");
  if (choice === "Restart Session") {
    await vscode.commands.executeCommand("backendai.sessions.restart", session);
  } else if (choice === "Destroy Session") {
    await vscode.commands.executeCommand("backendai.sessions.destroy", session);
  }
}
