import * as vscode from "vscode";
import type { ConnectionStore } from "../../account/connectionStore.js";
import { placeOf } from "../../files/filePlace.js";
import type { CodeSession, Interpreters } from "../../sessions/interpreters.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { sessionOfDocument } from "../sessionOfDocument.js";

/** What finding the session of a document works with. */
export interface DocumentPlacesParts {
  readonly connection: ConnectionStore;
  readonly store: SessionStore;
  readonly interpreters: Interpreters;
}

/**
 * The session that a document's code runs in: its own for a file of a session; that of its notebook for a cell; for others the one
 * that code of the language was last run in. `undefined` while nothing was run.
 */
export function sessionOf(
  uri: vscode.Uri,
  languageId: string,
  { connection, store, interpreters }: DocumentPlacesParts,
): CodeSession | undefined {
  return placeOf(uri) === undefined
    ? interpreters.find(languageId, notebookOf(uri))
    : sessionOfDocument(uri, connection.state, store);
}

/** The address of the notebook that a cell is of. */
function notebookOf(uri: vscode.Uri): string | undefined {
  if (uri.scheme !== "vscode-notebook-cell") {
    return undefined;
  }
  const notebook = vscode.workspace.notebookDocuments.find(({ uri: { path } }) => path === uri.path);
  return notebook?.uri.toString();
}
