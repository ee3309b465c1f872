import * as vscode from "vscode";
import { type FilePlace, placeOf } from "../../filePlace.js";
import { fileScheme } from "../../../platform/contributedIds.js";
import { keyOf } from "../../provider/sessionViews.js";
import type { OpenEditors } from "../../provider/sessionFileSystem.js";

/** The documents that this window has open. */
export const openEditors: OpenEditors = {
  isOpen: (place) => documentsOf(place).length > 0,
  isDirty: (place) => documentsOf(place).some(({ isDirty }) => isDirty),
};

function documentsOf(place: FilePlace): readonly { readonly isDirty: boolean }[] {
  const key = keyOf(place);
  const documents = [...vscode.workspace.textDocuments, ...vscode.workspace.notebookDocuments];
  return documents.filter(({ uri }) => {
    const other = uri.scheme === fileScheme ? placeOf(uri) : undefined;
    return other !== undefined && keyOf(other) === key;
  });
}
