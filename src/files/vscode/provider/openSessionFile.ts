import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { showPlace } from "../../../platform/showPlace.js";
import { serverIdOf } from "../../../account/target.js";
import { uriOf } from "./sessionUris.js";

/** A file of a session of the server in use. */
export interface SessionFile {
  /** The name of the session, or its id. */
  readonly session: string;
  /** Absolute, or relative to the session's home. */
  readonly path: string;
}

/** The address of a session's file as a document. Beside their own, sessions of the local engine have this computer's files. */
function sessionFileUri(account: Account, { session, path }: SessionFile): vscode.Uri {
  const server = serverIdOf(account.defaultTarget());
  if (server === "local" && path.startsWith("/") && !`${path}/`.startsWith("/home/work/")) {
    return vscode.Uri.file(path);
  }
  return uriOf({ server, session, path: path.startsWith("/") ? path : `/home/work/${path}` });
}

/** Shows a file of a session in an editor, one for pictures where it is one; line and column from 1. */
export async function openSessionFile(
  account: Account,
  file: SessionFile,
  at: { readonly line?: number | undefined; readonly column?: number | undefined } = {},
): Promise<void> {
  const uri = sessionFileUri(account, file);
  if (at.line === undefined) {
    await vscode.workspace.fs.stat(uri); // an editor would show the error in place of a message
    await vscode.commands.executeCommand("vscode.open", uri);
  } else {
    await showPlace(uri, at.line, at.column);
  }
}
