import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import type { SessionStore } from "../../sessionStore.js";
import { sessionFilePath, writeSessionFile } from "../../start/sessionFile.js";

/** Writes a session file for a session that lives, beside the workspace's own files, and shows it. */
export async function exportSession(store: SessionStore, clicked: unknown): Promise<void> {
  const id = typeof clicked === "object" && clicked !== null && "id" in clicked ? String(clicked.id) : "";
  const session = store.find(id);
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (session === undefined) {
    throw new ConfigurationError("session", l10n.t("Choose the session in the Sessions view."));
  }
  if (folder === undefined) {
    throw new ConfigurationError(
      "folder",
      l10n.t("Open a folder first: {0} is written into it.", sessionFilePath),
    );
  }
  const uri = vscode.Uri.joinPath(folder.uri, sessionFilePath);
  if (!(await isFree(uri))) {
    const question = l10n.t("{0} is there already.", sessionFilePath);
    const replace = l10n.t("Replace");
    if ((await showWarningMessage(question, { modal: true }, replace)) !== replace) {
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
