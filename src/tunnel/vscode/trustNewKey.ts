import * as vscode from "vscode";
import { messageText } from "../../base/shownText.js";
import { type HostKeyChangedError, type HostKeys } from "../hostKeys.js";

/** Tells that a session shows another host key than before; `true` when the person trusts it, which forgets the old one. */
export async function asksToTrust(error: HostKeyChangedError, hostKeys: HostKeys): Promise<boolean> {
  const trust = "Trust the New Key";
  const text =
    `${error.message} A restarted session makes a new key; if this one was not restarted, ` +
    "somebody may be in between.";
  if ((await vscode.window.showWarningMessage(messageText(text), trust)) !== trust) {
    return false;
  }
  hostKeys.forget(error.sessionId);
  return true;
}
