import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Event } from "../../base/event.js";
import { detailText } from "../../base/shownText.js";
import { settings } from "../../platform/settings.js";
import { completedLanguages } from "../completedLanguages.js";
import { stateWords } from "../stateWords.js";
import type { LadderState } from "../source/sourceLadder.js";

/** What the status tells of. */
export interface CompletionStatusParts {
  /** The name of the session that a document is completed from, and how that stands. */
  readonly stateOf: (
    document: vscode.TextDocument,
  ) => { readonly session: string; readonly state: LadderState } | undefined;
  readonly onDidChange: readonly Event<unknown>[];
}

/** Beside the language of an editor: which session completes it, by what, and why not. Says nothing while there is none. */
export function showCompletionStatus({ stateOf, onDidChange }: CompletionStatusParts): Disposable {
  const owned = new DisposableStore();
  let item: vscode.LanguageStatusItem | undefined;
  const update = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const shown =
      document && completedLanguages.includes(document.languageId) ? stateOf(document) : undefined;
    if (document === undefined || shown === undefined) {
      item?.dispose();
      item = undefined;
      return;
    }
    item ??= createItem();
    const isOn = settings.completionEnabled(document.languageId);
    const { text, detail, isTrouble } = isOn
      ? stateWords(shown.session, shown.state)
      : {
          text: l10n.t("Completion from the session is off"),
          detail: l10n.t("by your settings"),
          isTrouble: false,
        };
    item.text = detailText(text);
    item.detail = detailText(detail);
    item.severity = isTrouble
      ? vscode.LanguageStatusSeverity.Warning
      : vscode.LanguageStatusSeverity.Information;
    item.command = {
      command: "backendai.completion.toggle",
      title: isOn ? l10n.t("Switch Off") : l10n.t("Switch On"),
      tooltip: l10n.t("For this language"),
    };
  };
  owned.defer(() => item?.dispose());
  owned.add(vscode.window.onDidChangeActiveTextEditor(update));
  owned.add(vscode.workspace.onDidChangeConfiguration(update));
  for (const event of onDidChange) {
    owned.add(event(update));
  }
  update();
  return owned;
}

function createItem(): vscode.LanguageStatusItem {
  const selector = completedLanguages.map((language) => ({ language }));
  const item = vscode.languages.createLanguageStatusItem("backendai.completion", selector);
  item.name = l10n.t("Backend.AI Completion");
  return item;
}

/** Switches completion on or off for the language of the editor. */
export async function toggleCompletion(): Promise<void> {
  const languageId = vscode.window.activeTextEditor?.document.languageId;
  const scope = languageId === undefined ? undefined : { languageId };
  await vscode.workspace
    .getConfiguration("backendai", scope)
    .update(
      "completion.enabled",
      !settings.completionEnabled(languageId ?? ""),
      vscode.ConfigurationTarget.Global,
      languageId !== undefined,
    );
}
