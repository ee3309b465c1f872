import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { type Cell, cellAt, codeOf } from "../../query/code/cells.js";
import { dedent, statementAt } from "../../query/code/statements.js";
import type { QueryPiece } from "../../query/queryRun.js";
import { documentCells, linesOf } from "./documentCells.js";

/** What to run, and where the cursor goes then. */
export interface Chosen {
  readonly pieces: readonly QueryPiece[];
  /** The line for the cursor; `undefined` where it stays. */
  readonly nextLine: number | undefined;
}

/** The selected code, else the statement at the cursor, after which the cursor goes to the next one. */
export function selectedPieces(editor: vscode.TextEditor): Chosen {
  const { document, selections } = editor;
  const selected = selections.filter((selection) => !selection.isEmpty);
  if (selected.length > 0) {
    const pieces = selected.map((selection) => selectedPiece(document, selection));
    return { pieces: pieces.filter(({ code }) => code.trim() !== ""), nextLine: undefined };
  }
  const lines = linesOf(document);
  const span = statementAt(lines, editor.selection.active.line, document.languageId);
  if (span === undefined) {
    return { pieces: [], nextLine: undefined };
  }
  const code = dedent(lines.slice(span.start, span.end + 1).join("\n"));
  const next = statementAt(lines, span.end + 1, document.languageId)?.start ?? span.end + 1;
  return {
    pieces: [pieceOf(document, code, span.start)],
    nextLine: Math.min(next, document.lineCount - 1),
  };
}

/**
 * The cell at a line, and the code line of the next one.
 * @throws {ConfigurationError} where there is none.
 */
export function cellPiece(document: vscode.TextDocument, line: number): Chosen {
  const cells = documentCells(document);
  const cell = cellAt(cells, line);
  if (cell === undefined) {
    throw new ConfigurationError(
      "cells",
      l10n.t("This document has no cells. A cell begins with a line such as # %%."),
    );
  }
  const next = cells[cells.indexOf(cell) + 1];
  return {
    pieces: piecesOf(document, [cell]),
    nextLine: next && Math.min(next.codeStart, document.lineCount - 1),
  };
}

/** The cells before the one at a line. */
export function piecesAbove(document: vscode.TextDocument, line: number): readonly QueryPiece[] {
  const cells = documentCells(document);
  const cell = cellAt(cells, line);
  return piecesOf(
    document,
    cells.filter(({ start }) => cell !== undefined && start < cell.start),
  );
}

/** All cells; a document without cells in one piece. */
export function allPieces(document: vscode.TextDocument): readonly QueryPiece[] {
  const cells = documentCells(document);
  if (cells.length > 0) {
    return piecesOf(document, cells);
  }
  const code = document.getText().replaceAll("\r\n", "\n");
  return code.trim() === "" ? [] : [pieceOf(document, code, 0)];
}

function piecesOf(document: vscode.TextDocument, cells: readonly Cell[]): readonly QueryPiece[] {
  const lines = linesOf(document);
  return cells
    .filter(({ isCode }) => isCode)
    .map((cell) => pieceOf(document, codeOf(lines, cell), Math.min(cell.codeStart, cell.end)));
}

/** A selection that begins in the indentation of its line takes the line from its beginning. */
function selectedPiece(document: vscode.TextDocument, selection: vscode.Selection): QueryPiece {
  const { start, end } = selection;
  const before = document.lineAt(start.line).text.slice(0, start.character);
  const from = before.trim() === "" ? start.with({ character: 0 }) : start;
  const text = document.getText(new vscode.Range(from, end)).replaceAll("\r\n", "\n");
  return pieceOf(document, dedent(text).trimEnd(), start.line);
}

function pieceOf(document: vscode.TextDocument, code: string, line: number): QueryPiece {
  const name = path.posix.basename(document.uri.path);
  return { code, origin: `${name}:${String(line + 1)}`, uri: document.uri.toString(), line };
}
