import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { labelText, messageText } from "../../../base/shownText.js";
import type { Account } from "../../../account/account.js";
import { targetLabel } from "../../../account/target.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { contextKeys } from "../../../platform/commandIds.js";
import { shortImage } from "../../../sessions/sessionTree.js";
import { languageOf } from "../../plan/languages.js";
import { queryLanguageOf } from "../../query/code/queryLanguages.js";
import type { QueryConsole, QueryState } from "../../query/queryConsole.js";
import { documentCells } from "./documentCells.js";
import type { QueryConsoles } from "./queryConsoles.js";

/** A document that is typed in is looked through after a pause, in milliseconds. */
const typingMs = 300;

/** In the status bar and in context keys: in which session the variables of the active document live, and what runs there. */
export class QueryStatus implements Disposable {
  readonly #account: Account;
  readonly #consoles: QueryConsoles;
  /** Documents of which code was run. */
  readonly #used = new WeakSet<vscode.TextDocument>();
  readonly #item: vscode.StatusBarItem;
  readonly #owned = new DisposableStore();
  #typing: NodeJS.Timeout | undefined;

  constructor(account: Account, consoles: QueryConsoles) {
    this.#account = account;
    this.#consoles = consoles;
    this.#item = this.#owned.add(
      vscode.window.createStatusBarItem("backendai.query", vscode.StatusBarAlignment.Left, 48),
    );
    this.#item.name = l10n.t("Backend.AI session of cells");
    this.#item.command = "backendai.query.chooseSession";
    this.#owned.add(consoles.onDidChange(() => this.#update()));
    this.#owned.add(vscode.window.onDidChangeActiveTextEditor(() => this.#update()));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument((event) => this.#typed(event.document)));
    this.#owned.defer(() => clearTimeout(this.#typing));
    this.#update();
  }

  /** Has the keys of a document run its code from now on. */
  use(document: vscode.TextDocument): void {
    this.#used.add(document);
    this.#update();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #typed(document: vscode.TextDocument): void {
    if (document === vscode.window.activeTextEditor?.document && queryLanguageOf(document.languageId)) {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#update(), typingMs);
    }
  }

  #update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const language = document && queryLanguageOf(document.languageId) && languageOf(document.languageId);
    const console = language && this.#consoles.current(language);
    const isUsed = document !== undefined && console !== undefined && this.#used.has(document);
    setContext(contextKeys.hasCells, document !== undefined && documentCells(document).length > 0);
    setContext(contextKeys.queryDocument, isUsed);
    if (console === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = textOf(console);
    this.#item.tooltip = this.#tooltip(console, language?.name ?? "");
    this.#item.show();
  }

  #tooltip({ session, state }: QueryConsole, language: string): string {
    const { state: connection } = this.#account.connection;
    const server = connection.phase === "connected" ? targetLabel(connection.target) : "";
    const lines = [
      l10n.t(
        "Cells and lines of {0} run in session {1}, where their variables stay.",
        language,
        session.name,
      ),
      `${server} · ${shortImage(session.image)}`,
      `${doing(state)} ${l10n.t("Click to switch or reset.")}`,
    ];
    return messageText(lines.join("\n"));
  }
}

function textOf({ session, state }: QueryConsole): string {
  const icon = state.question ? "$(comment)" : state.phase === "idle" ? "$(beaker)" : "$(sync~spin)";
  return `${icon} ${labelText(session.name)}${state.queued > 0 ? ` +${String(state.queued)}` : ""}`;
}

function doing({ phase, queued, question }: QueryState): string {
  const waiting = queued > 0 ? ` ${l10n.t("{0} more waiting.", queued)}` : "";
  if (question) {
    return `${l10n.t("The code asks for a line.")}${waiting}`;
  }
  return {
    idle: l10n.t("Idle."),
    running: `${l10n.t("Running.")}${waiting}`,
    resetting: `${l10n.t("Resetting.")}${waiting}`,
  }[phase];
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
