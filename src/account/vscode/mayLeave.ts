import * as vscode from "vscode";
import { plural } from "../../base/text.js";
import type { Account } from "../account.js";

/** Sessions of the local engine end with it, and their files with them: that is not done in passing. */
export async function mayLeave({ connection: { state } }: Account, liveSessions: number): Promise<boolean> {
  if (state.phase !== "connected" || state.target.kind !== "local" || liveSessions === 0) {
    return true;
  }
  const question = `Leave the local engine? Its ${plural(liveSessions, "session")} will end.`;
  const detail = "Running programs end, and the files of these sessions are deleted.";
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, "Leave")) === "Leave";
}
