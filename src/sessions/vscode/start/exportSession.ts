import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import type { SessionStore } from "../../sessionStore.js";
import { sessionFilePath, writeSessionFile } from "../../start/sessionFile.js";

/** Writes a session file for a session that lives, beside the workspace's own files, and shows it. */
export async function exportSession(store: SessionStore, clicked: unknown): Promise<void> {
  const id = typeof clicked === "object" && clicked !== null && "id" in clicked ? String(clicked.id) : "";
  const session = store.find(id);
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (session === undefined) {
    throw new ConfigurationError("session", "Choose the session in the Sessions view.");
  }
  if (folder === undefined) {
    throw new ConfigurationError("folder", `Open a folder first: ${sessionFilePath} is written into it.`);
  }
  const uri = vscode.Uri.joinPath(folder.uri, sessionFilePath);
  if (!(await isFree(uri))) {
    const question = `${sessionFilePath} is there already.`;
    const answer = await vscode.window.showWarningMessage(question, { modal: true }, "Replace");
    if (answer !== "Replace") {
      return;
    }
  }
  const content = writeSessionFile({
    image: session.image,
    ...(session.type === "batch" ? { type: "batch", command: "" } : {}),
    ...(session.tag === undefined ? {} : { tag: session.tag }),
  });
  await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
  await vscode.window.showTextDocument(uri);
}

async function isFree(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return false;
  } catch {
    return true;
  }
}
