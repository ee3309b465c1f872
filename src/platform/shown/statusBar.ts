import * as vscode from "vscode";
import { labelText } from "../../base/shownText.js";

/** Says in the status bar what was done; the text is shown as it stands, after the codicon if there is one. */
export function setStatusBarMessage(text: string, ms: number, icon?: string): void {
  const shown = labelText(text);
  vscode.window.setStatusBarMessage(icon === undefined ? shown : `$(${icon}) ${shown}`, ms);
}
