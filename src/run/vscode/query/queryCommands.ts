import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConfigurationError } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { CommandId } from "../../../platform/commandIds.js";
import type { Commands } from "../../../platform/commands.js";
import { type Language, languageOf } from "../../plan/languages.js";
import { queryLanguageOf, queryLanguages } from "../../query/code/queryLanguages.js";
import type { QueryConsole } from "../../query/queryConsole.js";
import type { QueryPiece } from "../../query/queryRun.js";
import { checkTrust } from "../runPlace.js";
import { registerCellLenses } from "./cellLenses.js";
import { allPieces, cellPiece, type Chosen, piecesAbove, selectedPieces } from "./documentPieces.js";
import { QueryConsoles, type QueryConsolesDeps } from "./queryConsoles.js";
import { pickQuerySession, type QuerySessionPickDeps } from "./querySessionPick.js";
import { QueryStatus } from "./queryStatus.js";

/** What query mode works with. */
export type QueryDeps = QueryConsolesDeps &
  Omit<QuerySessionPickDeps, "consoles"> & { readonly commands: Commands };

/** Query mode in the editor: its commands, lenses over cells, consoles and status. */
export function registerQuery(deps: QueryDeps): Disposable {
  const owned = new DisposableStore();
  const consoles = owned.add(new QueryConsoles(deps));
  const status = owned.add(new QueryStatus(deps.account, consoles));
  const mode = new QueryMode(deps, consoles, status);
  owned.add(registerCellLenses());
  const handlers: readonly [CommandId, Parameters<Commands["register"]>[1]][] = [
    ["backendai.query.runSelection", (signal) => mode.runSelection(signal)],
    ["backendai.query.runCell", (signal, uri, line) => mode.runCell(signal, uri, line)],
    ["backendai.query.runCellAndAdvance", (signal) => mode.runCellAndAdvance(signal)],
    ["backendai.query.runAbove", (signal, uri, line) => mode.runAbove(signal, uri, line)],
    ["backendai.query.runAll", (signal) => mode.runAll(signal)],
    ["backendai.query.interrupt", () => mode.interrupt()],
    ["backendai.query.reset", () => mode.current().reset()],
    ["backendai.query.showConsole", () => consoles.show(mode.current())],
    [
      "backendai.query.chooseSession",
      (signal) => pickQuerySession({ ...deps, consoles }, languageFor(activeEditor().document), signal),
    ],
  ];
  for (const [id, handler] of handlers) {
    owned.add(deps.commands.register(id, handler));
  }
  return owned;
}

class QueryMode {
  constructor(
    private readonly deps: QueryDeps,
    private readonly consoles: QueryConsoles,
    private readonly status: QueryStatus,
  ) {}

  async runSelection(signal: AbortSignal): Promise<void> {
    const editor = activeEditor();
    languageFor(editor.document);
    const chosen = selectedPieces(editor);
    if (editor.selection.isEmpty) {
      goOn(editor, chosen);
    }
    await this.#run(editor.document, chosen.pieces, signal);
  }

  async runCell(signal: AbortSignal, uri: unknown, line: unknown): Promise<void> {
    const place = await placeOf(uri, line);
    await this.#run(place.document, cellPiece(place.document, place.line).pieces, signal);
  }

  /** The cursor goes on before anything is waited for: the next press may be on its way already. */
  async runCellAndAdvance(signal: AbortSignal): Promise<void> {
    const editor = activeEditor();
    const chosen = cellPiece(editor.document, editor.selection.active.line);
    goOn(editor, chosen);
    await this.#run(editor.document, chosen.pieces, signal);
  }

  async runAbove(signal: AbortSignal, uri: unknown, line: unknown): Promise<void> {
    const place = await placeOf(uri, line);
    await this.#run(place.document, piecesAbove(place.document, place.line), signal);
  }

  async runAll(signal: AbortSignal): Promise<void> {
    const { document } = activeEditor();
    await this.#run(document, allPieces(document), signal);
  }

  /** Interrupts where the active editor's code runs, else everywhere. */
  interrupt(): void {
    const current = this.#currentOrNone();
    const isBusy = current !== undefined && current.state.phase !== "idle";
    for (const console of isBusy ? [current] : this.consoles.all) {
      console.interrupt();
    }
  }

  /** The console of the active editor's language. */
  current(): QueryConsole {
    const console = this.#currentOrNone();
    if (console === undefined) {
      throw new ConfigurationError(
        "session",
        l10n.t("No session holds variables of this file: nothing of it was run yet."),
      );
    }
    return console;
  }

  #currentOrNone(): QueryConsole | undefined {
    const language = languageOf(vscode.window.activeTextEditor?.document.languageId ?? "");
    return language && this.consoles.current(language);
  }

  async #run(
    document: vscode.TextDocument,
    pieces: readonly QueryPiece[],
    signal: AbortSignal,
  ): Promise<void> {
    const language = languageFor(document);
    if (pieces.length === 0) {
      return;
    }
    checkTrust(this.deps.account);
    const console = await this.consoles.open(language, signal);
    if (console !== undefined) {
      this.consoles.show(console);
      this.status.use(document);
      console.submit(pieces);
    }
  }
}

function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    throw new ConfigurationError("editor", l10n.t("No file is open. Open the file whose code is meant."));
  }
  return editor;
}

/** Where a command was given: the place that it names, else the cursor. */
async function placeOf(
  uri: unknown,
  line: unknown,
): Promise<{ readonly document: vscode.TextDocument; readonly line: number }> {
  if (uri instanceof vscode.Uri && typeof line === "number") {
    return { document: await vscode.workspace.openTextDocument(uri), line };
  }
  const { document, selection } = activeEditor();
  return { document, line: selection.active.line };
}

/** Puts the cursor where the next command finds the next code. */
function goOn(editor: vscode.TextEditor, { nextLine }: Chosen): void {
  if (nextLine !== undefined) {
    const place = new vscode.Position(
      nextLine,
      editor.document.lineAt(nextLine).firstNonWhitespaceCharacterIndex,
    );
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

function languageFor({ languageId }: vscode.TextDocument): Language {
  const language = queryLanguageOf(languageId) && languageOf(languageId);
  if (language === undefined) {
    const known = queryLanguages.flatMap(({ id }) => languageOf(id)?.name ?? []).join(", ");
    throw new ConfigurationError(
      "language",
      l10n.t("Only code of these languages runs piece by piece: {0}.", known),
    );
  }
  return language;
}
