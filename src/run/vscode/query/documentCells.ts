import type * as vscode from "vscode";
import { type Cell, cellsOf } from "../../query/code/cells.js";
import { queryLanguageOf } from "../../query/code/queryLanguages.js";

/** Characters of a document that is too large to be looked through at each change. */
const sizeLimit = 5_000_000;

interface Known {
  readonly version: number;
  readonly cells: readonly Cell[];
}

/** What was found in documents, by their version. */
const known = new WeakMap<vscode.TextDocument, Known>();

/** The cells of a document; none in languages without queries and in endless documents. */
export function documentCells(document: vscode.TextDocument): readonly Cell[] {
  const { version } = document;
  const before = known.get(document);
  if (before?.version === version) {
    return before.cells;
  }
  const language = queryLanguageOf(document.languageId);
  const text = language === undefined ? "" : document.getText();
  const cells =
    language === undefined || text.length > sizeLimit ? [] : cellsOf(text.split(/\r?\n/), language);
  known.set(document, { version, cells });
  return cells;
}

/** The lines of a document without their ends. */
export function linesOf(document: vscode.TextDocument): readonly string[] {
  return document.getText().split(/\r?\n/);
}
