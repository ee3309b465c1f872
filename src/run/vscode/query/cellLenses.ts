import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { CommandId } from "../../../platform/commandIds.js";
import { settings } from "../../../platform/settings.js";
import { queryLanguages } from "../../query/code/queryLanguages.js";
import { documentCells } from "./documentCells.js";

/** “Run Cell | Run Above” over the cells of documents, as long as the setting wants it. */
export function registerCellLenses(): Disposable {
  const owned = new DisposableStore();
  const didChange = owned.add(new vscode.EventEmitter<void>());
  const selector = queryLanguages.map(({ id }) => ({ language: id }));
  owned.add(
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: didChange.event,
      provideCodeLenses: (document) => (settings.runCodeLens() ? lensesOf(document) : []),
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("backendai.run.codeLens")) {
        didChange.fire();
      }
    }),
  );
  return owned;
}

function lensesOf(document: vscode.TextDocument): vscode.CodeLens[] {
  if (document.uri.scheme === "vscode-notebook-cell") {
    return [];
  }
  let isFirst = true;
  return documentCells(document).flatMap(({ start, isCode }) => {
    const lenses = isCode ? [lens(document, start, [l10n.t("Run Cell"), "backendai.query.runCell"])] : [];
    if (!isFirst && isCode) {
      lenses.push(lens(document, start, [l10n.t("Run Above"), "backendai.query.runAbove"]));
    }
    isFirst &&= !isCode;
    return lenses;
  });
}

function lens(
  { uri }: vscode.TextDocument,
  line: number,
  [title, command]: readonly [title: string, command: CommandId],
): vscode.CodeLens {
  const tooltip = l10n.t("In a Backend.AI session, where variables stay");
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    title,
    tooltip,
    command,
    arguments: [uri, line],
  });
}
