import * as vscode from "vscode";
import type { ConnectionStore } from "../../../account/connectionStore.js";
import { serverIdOf } from "../../../account/target.js";
import type { BackendAIClient } from "../../../api/index.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { contextKeys } from "../../../platform/commandIds.js";
import { logOf, type ServerLog } from "../../logs/logAddress.js";
import { logScheme } from "../../../platform/contributedIds.js";
import { LogFollower } from "../../logs/logFollower.js";
import type { LogLine } from "../../logs/logScreen.js";
import { LogText } from "../../logs/logText.js";
import { LogColors } from "./logColors.js";

/** A log that VS Code has asked for. */
export interface OpenLog {
  readonly uri: vscode.Uri;
  readonly log: ServerLog;
  /** What the document has, or is about to have. */
  readonly lines: readonly LogLine[];
  readonly content: Uint8Array;
  /** Grows with each change: what VS Code takes for the time of the file. */
  readonly changes: number;
  /** Whether new output is looked for while the document is on show. */
  readonly isFollowed: boolean;
  readonly isOver: boolean;
}

interface Entry extends OpenLog {
  lines: readonly LogLine[];
  content: Uint8Array;
  changes: number;
  isFollowed: boolean;
  readonly follower: LogFollower;
  readonly openedAt: number;
}

/** Logs that are kept although no document shows them, and for how long; milliseconds. */
const keptMs = 30_000;

/** What logs work with. */
export interface LogDocumentsDeps {
  readonly connection: ConnectionStore;
  readonly didChangeFile: vscode.EventEmitter<vscode.FileChangeEvent[]>;
}

/** The logs that are open in this window: read while they are on show, with the editor kept at their end if it is there. */
export class LogDocuments implements Disposable {
  readonly #deps: LogDocumentsDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #owned = new DisposableStore();
  readonly #didChangeFollowing = this.#owned.add(new vscode.EventEmitter<void>());
  readonly #colors = this.#owned.add(new LogColors((uri) => this.#entries.get(uri.toString())?.lines));
  /** Editors whose caret is at the end of a document that is about to grow. */
  #atEnd = new Set<vscode.TextEditor>();

  /** Fired when the answer of {@link find} may be another one. */
  readonly onDidChangeFollowing = this.#didChangeFollowing.event;

  constructor(deps: LogDocumentsDeps) {
    this.#deps = deps;
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(() => this.#look()));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#drop(uri.toString())));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#grown(document)));
  }

  /**
   * The log of an address, read once at least.
   * @throws {vscode.FileSystemError} for an address that means none.
   */
  async open(uri: vscode.Uri): Promise<OpenLog> {
    const log = logOf(uri);
    if (log === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const entry = this.#entries.get(uri.toString()) ?? this.#add(uri, log);
    await entry.follower.ready();
    this.#look();
    return entry;
  }

  /** The log of a document, while it is open. */
  find(uri: vscode.Uri | undefined): OpenLog | undefined {
    return uri && this.#entries.get(uri.toString());
  }

  /** Whether to look for new output while the document is on show. */
  setFollowed(uri: vscode.Uri, isFollowed: boolean): void {
    const entry = this.#entries.get(uri.toString());
    if (entry !== undefined) {
      entry.isFollowed = isFollowed;
      this.#look();
      this.#didChangeFollowing.fire();
    }
  }

  dispose(): void {
    for (const { follower } of this.#entries.values()) {
      follower.dispose();
    }
    this.#entries.clear();
    this.#owned.dispose();
  }

  #add(uri: vscode.Uri, log: ServerLog): Entry {
    this.#dropUnused();
    const text = new LogText();
    const follower = new LogFollower({
      place: log,
      text,
      client: () => this.#client(log.server),
      onDidChange: () => this.#changed(entry, text),
    });
    const entry: Entry = {
      ...{ uri, log, follower },
      ...{
        lines: [],
        content: new Uint8Array(),
        changes: Date.now(),
        isFollowed: true,
        openedAt: Date.now(),
      },
      get isOver() {
        return follower.isOver;
      },
    };
    this.#entries.set(uri.toString(), entry);
    return entry;
  }

  /** A log is never read from another server than its own. */
  #client(server: string): BackendAIClient | undefined {
    const { state } = this.#deps.connection;
    return state.phase === "connected" && serverIdOf(state.target) === server ? state.client : undefined;
  }

  #changed(entry: Entry, text: LogText): void {
    entry.lines = text.lines();
    entry.content = Buffer.from(entry.lines.map((line) => line.text).join("\n"));
    entry.changes += 1;
    for (const editor of editorsOf(entry.uri)) {
      const isThere =
        editor.selection.isEmpty && editor.selection.active.line >= editor.document.lineCount - 1;
      if (isThere) {
        this.#atEnd.add(editor);
      }
    }
    this.#deps.didChangeFile.fire([{ type: vscode.FileChangeType.Changed, uri: entry.uri }]);
    this.#didChangeFollowing.fire();
  }

  /** VS Code has taken the change over. */
  #grown(document: vscode.TextDocument): void {
    if (document.uri.scheme !== logScheme) {
      return;
    }
    for (const editor of editorsOf(document.uri).filter((candidate) => this.#atEnd.delete(candidate))) {
      showEnd(editor);
    }
  }

  /** What nobody sees is not read. */
  #look(): void {
    for (const { uri, follower, isFollowed } of this.#entries.values()) {
      follower.setActive(isFollowed && editorsOf(uri).length > 0);
    }
    this.#atEnd = new Set(
      [...this.#atEnd].filter((editor) => vscode.window.visibleTextEditors.includes(editor)),
    );
  }

  #drop(key: string): void {
    this.#entries.get(key)?.follower.dispose();
    this.#entries.delete(key);
  }

  /** VS Code also asks for files that it shows nowhere. */
  #dropUnused(): void {
    const shown = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    for (const [key, { openedAt }] of this.#entries) {
      if (!shown.has(key) && Date.now() - openedAt > keptMs) {
        this.#drop(key);
      }
    }
  }
}

/** Puts the caret at the end of a log, where it then stays. */
export function showEnd(editor: vscode.TextEditor): void {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(new vscode.Range(end, end));
}

function editorsOf(uri: vscode.Uri): readonly vscode.TextEditor[] {
  const key = uri.toString();
  return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === key);
}

/** The buttons of the active editor tell whether its log is followed. */
export function followActive(documents: LogDocuments): Disposable {
  const owned = new DisposableStore();
  let shown: string | undefined;
  const show = (): void => {
    const log = documents.find(vscode.window.activeTextEditor?.document.uri);
    const state = log === undefined ? "none" : log.isOver ? "over" : log.isFollowed ? "followed" : "paused";
    if (state !== shown) {
      shown = state;
      void vscode.commands.executeCommand("setContext", contextKeys.log, state);
    }
  };
  owned.add(vscode.window.onDidChangeActiveTextEditor(show));
  owned.add(documents.onDidChangeFollowing(show));
  show();
  return owned;
}
