import * as vscode from "vscode";
import { messageText } from "../../base/shownText.js";

/** Asks for files or folders of this computer; the title is shown as it stands. */
export async function showOpenDialog(options: vscode.OpenDialogOptions): Promise<vscode.Uri[] | undefined> {
  return vscode.window.showOpenDialog(shown(options));
}

/** Asks where to save; the title is shown as it stands. */
export async function showSaveDialog(options: vscode.SaveDialogOptions): Promise<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog(shown(options));
}

function shown<T extends { title?: string }>(options: T): T {
  return options.title === undefined ? options : { ...options, title: messageText(options.title) };
}
