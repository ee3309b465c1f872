import * as l10n from "@vscode/l10n";
import {
  type CompletionItem,
  CompletionItemKind,
  type InsertReplaceEdit,
  type Range,
} from "vscode-languageserver-protocol";
import type { Place } from "../position/index.js";
import type { Candidate, CandidateKind } from "../source/completionSource.js";

/** What an item carries for the question that is asked when it is looked at. */
export interface ItemData {
  readonly uri: string;
  /** The dotted name that it stands for. */
  readonly expression: string;
}

const kinds: Readonly<Record<CandidateKind, CompletionItemKind>> = {
  class: CompletionItemKind.Class,
  column: CompletionItemKind.Field,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  function: CompletionItemKind.Function,
  keyword: CompletionItemKind.Keyword,
  method: CompletionItemKind.Method,
  module: CompletionItemKind.Module,
  property: CompletionItemKind.Property,
  text: CompletionItemKind.Text,
  value: CompletionItemKind.Value,
  variable: CompletionItemKind.Variable,
};

/** Goes on with what is in a folder that was just chosen. */
const suggestAgain = { title: l10n.t("Suggest"), command: "editor.action.triggerSuggest" };

/** Where candidates go: `row` is the cursor's line in its document, `col` its column. */
export interface ItemPlace {
  readonly uri: string;
  readonly row: number;
  readonly col: number;
  readonly place: Exclude<Place, { kind: "none" }>;
}

/** Candidates as the editor has them: in their order, and below those of a language server that ranks as high. */
export function completionItems(
  candidates: readonly Candidate[],
  { uri, row, col, place }: ItemPlace,
): CompletionItem[] {
  const insert = rangeOf(row, place.start, col);
  const replace = rangeOf(row, place.start, Math.max(col, place.end));
  return candidates.map(({ name, kind, detail }, index) => {
    const isFolder = kind === "folder";
    const textEdit: InsertReplaceEdit = { newText: isFolder ? `${name}/` : name, insert, replace };
    return {
      label: isFolder ? `${name}/` : name,
      sortText: `zz${String(index).padStart(5, "0")}`,
      filterText: name,
      textEdit,
      ...(kind === undefined ? {} : { kind: kinds[kind] }),
      ...(detail === undefined ? {} : { labelDetails: detailsOf(detail) }),
      ...(isFolder ? { command: suggestAgain } : {}),
      ...(place.kind === "name" ? { data: dataOf(uri, place.token, name) } : {}),
    };
  });
}

/** Parameters stand right behind the name, a type at the end of the line. */
function detailsOf(detail: string): { readonly detail?: string; readonly description?: string } {
  return detail.startsWith("(") ? { detail } : { description: detail };
}

function dataOf(uri: string, token: string, name: string): ItemData {
  return { uri, expression: token.slice(0, token.lastIndexOf(".") + 1) + name };
}

function rangeOf(line: number, start: number, end: number): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}
