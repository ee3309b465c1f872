import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { messageText } from "../../../base/shownText.js";
import { contextKeys } from "../../../platform/commandIds.js";
import { describeError } from "../../../platform/describeError.js";
import { createTreeItem } from "../../../platform/shown/treeItem.js";
import { uriPartsOf } from "../../filePlace.js";
import type { FileSessions } from "../../fileSessions.js";
import { folderText, lineLabel, resultMessage } from "../../search/results/resultText.js";
import type { ResultRow, SearchResults } from "../../search/results/searchResults.js";
import type { FileMatches, LineMatch } from "../../search/searchFiles.js";

/** Files up to this many are unfolded when they come. */
const unfoldedFiles = 20;

/** The view of results: files, and below them their lines. */
export class SearchView implements vscode.TreeDataProvider<ResultRow>, Disposable {
  readonly #results: SearchResults;
  readonly #files: FileSessions;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly #view: vscode.TreeView<ResultRow>;
  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(results: SearchResults, files: FileSessions) {
    this.#results = results;
    this.#files = files;
    this.#view = this.#owned.add(
      vscode.window.createTreeView("backendai.search", {
        treeDataProvider: this,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.#owned.add(results.onDidChange(() => this.#show()));
  }

  get selection(): readonly ResultRow[] {
    return this.#view.selection;
  }

  getChildren(row?: ResultRow): ResultRow[] {
    if (row === undefined) {
      return this.#results.files.map((file) => ({ kind: "file", file }));
    }
    return row.kind === "file" ? row.file.lines.map((line) => ({ kind: "line", file: row.file, line })) : [];
  }

  getParent(row: ResultRow): ResultRow | undefined {
    return row.kind === "line" ? { kind: "file", file: row.file } : undefined;
  }

  getTreeItem(row: ResultRow): vscode.TreeItem {
    return row.kind === "file" ? this.#fileItem(row.file) : this.#lineItem(row, row.line);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #fileItem(file: FileMatches): vscode.TreeItem {
    const folder = folderText(file, this.#results.subject?.query.folder ?? "/");
    const count = file.lines.reduce((sum, { ranges }) => sum + ranges.length, 0);
    const isFew = this.#results.fileCount <= unfoldedFiles;
    const item = createTreeItem({
      id: file.path,
      label: posix.basename(file.path).replace(/[\u0000-\u001f\u007f]/g, "\uFFFD"),
      description: [folder, String(count)].filter((part) => part !== "").join(" · "),
      tooltip: file.path,
      contextValue: `result.file${this.#results.replacement === undefined ? "" : ".replace"}`,
      accessibleLabel:
        count === 1 ? l10n.t("{0}, 1 result", file.path) : l10n.t("{0}, {1} results", file.path, count),
    });
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    item.collapsibleState = isFew ? Expanded : Collapsed;
    const uri = this.#uriOf(file);
    item.iconPath = vscode.ThemeIcon.File;
    if (uri !== undefined) {
      item.resourceUri = uri;
    }
    return item;
  }

  #lineItem(row: ResultRow, line: LineMatch): vscode.TreeItem {
    const { text, highlights } = lineLabel(line);
    const item = createTreeItem({
      id: `${row.file.path}\0${line.line}`,
      label: text,
      highlights,
      description: `:${line.line}`,
      tooltip: `${row.file.path}:${line.line}`,
      contextValue: "result.line",
      accessibleLabel: l10n.t("Line {0}: {1}", line.line, text),
    });
    item.command = { command: "backendai.search.open", title: l10n.t("Open"), arguments: [row] };
    return item;
  }

  #uriOf({ path, isExactPath }: FileMatches): vscode.Uri | undefined {
    const session = this.#results.subject?.session;
    const place = session && isExactPath ? this.#files.placeIn(session, path) : undefined;
    return place && vscode.Uri.from(uriPartsOf(place));
  }

  #show(): void {
    const { subject, state, replacement, matchCount } = this.#results;
    const failure = state.phase === "failed" ? `\n${describeError(state.error).summary}` : "";
    this.#view.message = messageText(resultMessage(this.#results) + failure);
    this.#view.badge = matchCount > 0 ? { value: matchCount, tooltip: resultCount(matchCount) } : undefined;
    const keys = {
      [contextKeys.hasSearch]: subject !== undefined,
      [contextKeys.searching]: state.phase === "searching",
      [contextKeys.replacing]: replacement !== undefined,
    };
    for (const [key, value] of Object.entries(keys)) {
      void vscode.commands.executeCommand("setContext", key, value);
    }
    this.#didChange.fire(undefined);
  }
}

function resultCount(count: number): string {
  return count === 1 ? l10n.t("1 result") : l10n.t("{0} results", count);
}
