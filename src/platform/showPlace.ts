import * as vscode from "vscode";

/** Shows a document with the cursor at a place; line and column from 1. Rejects where it can't be opened. */
export async function showPlace(uri: vscode.Uri, line = 1, column = 1): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at), preview: true });
}
