import * as vscode from "vscode";

/** Larger files are not read for the columns of a message. */
const fileLimitBytes = 5 * 1024 * 1024;

/** The lines of a document: as it is in the editor, else as it is stored; `undefined` where there is none. */
export async function sourceLines(uri: vscode.Uri): Promise<readonly string[] | undefined> {
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  if (open !== undefined) {
    return open.getText().split(/\r?\n/);
  }
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    const bytes = size > fileLimitBytes ? new Uint8Array() : await vscode.workspace.fs.readFile(uri);
    return new TextDecoder().decode(bytes).split(/\r?\n/);
  } catch {
    return undefined;
  }
}
