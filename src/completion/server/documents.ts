import {
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type ProtocolConnection,
} from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { LineSource } from "../position/index.js";
import type { CodePoint } from "../source/completionSource.js";

/** Lines that are sent with a question: what was typed above counts most, what stands below a little. */
const linesAbove = 1500;
const linesBelow = 200;

/** Characters of a question; of longer documents the part around the cursor counts. */
const codeLimit = 100_000;

/** The open documents, kept in step by what the editor says was changed. */
export class Documents {
  readonly #open = new Map<string, TextDocument>();

  /** Hears of documents until the connection ends. */
  listen(connection: ProtocolConnection): void {
    connection.onNotification(DidOpenTextDocumentNotification.type, ({ textDocument: opened }) => {
      const { uri, languageId, version, text } = opened;
      this.#open.set(uri, TextDocument.create(uri, languageId, version, text));
    });
    connection.onNotification(DidChangeTextDocumentNotification.type, ({ textDocument, contentChanges }) => {
      const document = this.#open.get(textDocument.uri);
      if (document !== undefined) {
        TextDocument.update(document, contentChanges, textDocument.version);
      }
    });
    connection.onNotification(DidCloseTextDocumentNotification.type, ({ textDocument }) => {
      this.#open.delete(textDocument.uri);
    });
  }

  get(uri: string): TextDocument | undefined {
    return this.#open.get(uri);
  }
}

/** A line without its end. */
function lineOf(document: TextDocument, row: number): string {
  const end = { line: row + 1, character: 0 };
  return document.getText({ start: { line: row, character: 0 }, end }).replace(/\r?\n$/, "");
}

/** The lines of a document. */
export function linesOf(document: TextDocument): LineSource {
  return { line: (row) => lineOf(document, row) };
}

/** The code around a cursor, bounded, and where the cursor is in it; `undefined` in a line that is longer than all that is sent. */
export function pointIn(document: TextDocument, row: number, col: number): CodePoint | undefined {
  const { languageId } = document;
  let first = Math.max(0, row - linesAbove);
  let last = Math.min(document.lineCount, row + linesBelow);
  let code = textOf(document, first, last);
  while (code.length > codeLimit && (first < row || last > row + 1)) {
    first = row - Math.floor((row - first) / 2);
    last = row + 1 + Math.floor((last - row - 1) / 2);
    code = textOf(document, first, last);
  }
  return code.length > codeLimit ? undefined : { languageId, code, row: row - first, col };
}

function textOf(document: TextDocument, first: number, last: number): string {
  const start = { line: first, character: 0 };
  return document.getText({ start, end: { line: last, character: 0 } });
}
