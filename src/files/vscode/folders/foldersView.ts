import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import type { Folder, FolderEntry } from "../../../api/index.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { wordsFor } from "../../../platform/describeError.js";
import { createTreeItem } from "../../../platform/shown/treeItem.js";
import { entryRows, type FolderRow, lookOf, rootRows, shownEntries } from "../../folders/folderRows.js";
import { folderUri } from "./folderDocuments.js";

/** What the view shows, and where its rows may be dropped on. */
export interface FoldersViewDeps {
  readonly account: Account;
  readonly logger: Logger;
  /** Files of this computer were dropped on a row. */
  readonly onDrop: (row: FolderRow, files: readonly vscode.Uri[]) => Promise<void>;
}

/** The view of virtual folders. Nothing is asked while it is hidden, or while there is no connection. */
export class FoldersView
  implements Disposable, vscode.TreeDataProvider<FolderRow>, vscode.TreeDragAndDropController<FolderRow>
{
  readonly view: vscode.TreeView<FolderRow>;
  readonly dragMimeTypes: readonly string[] = [];
  readonly dropMimeTypes = ["text/uri-list"];
  readonly #deps: FoldersViewDeps;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<FolderRow | undefined>());
  /** Rows by their ids, so that VS Code finds those again that it knows. */
  readonly #rows = new Map<string, FolderRow>();

  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(deps: FoldersViewDeps) {
    this.#deps = deps;
    this.view = this.#owned.add(
      vscode.window.createTreeView("backendai.folders", {
        treeDataProvider: this,
        dragAndDropController: this,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    let phase = "";
    this.#owned.add(
      deps.account.connection.onDidChange((state) => {
        if (state.phase !== phase) {
          phase = state.phase;
          this.refresh();
        }
      }),
    );
  }

  /** Asks again: for all, or for what is in one row. */
  refresh(row?: FolderRow): void {
    this.#didChange.fire(row === undefined ? undefined : this.#rows.get(lookOf(row).id));
  }

  async getChildren(parent?: FolderRow): Promise<FolderRow[]> {
    const { state } = this.#deps.account.connection;
    if (state.phase !== "connected") {
      this.view.message = "";
      return [];
    }
    const { folders } = state.client;
    try {
      const rows =
        parent === undefined
          ? rootRows(await folders.list())
          : this.#within(parent, await folders.files.list(parent.folder, pathOf(parent)));
      this.view.message = "";
      return rows.map((row) => this.#keep(row));
    } catch (error) {
      const words = wordsFor(error);
      this.#deps.logger.warn(`folders can't be shown: ${words}`);
      this.view.message = l10n.t("Not shown: {0}", words);
      return [];
    }
  }

  getTreeItem(row: FolderRow): vscode.TreeItem {
    const look = lookOf(row);
    const accessibleLabel = [look.label, look.description].filter(Boolean).join(", ");
    const item = createTreeItem({ ...look, accessibleLabel });
    item.collapsibleState = look.isUnfoldable
      ? vscode.TreeItemCollapsibleState.Collapsed
      : vscode.TreeItemCollapsibleState.None;
    if (row.kind === "entry" && row.entry.type !== "directory") {
      item.resourceUri = folderUri(row.folder, row.path);
      item.iconPath = vscode.ThemeIcon.File; // the icon theme knows what kind of file it is
      item.command = { command: "backendai.folders.open", title: l10n.t("Open"), arguments: [row] };
    } else {
      item.iconPath = new vscode.ThemeIcon(look.icon);
    }
    return item;
  }

  getParent(row: FolderRow): FolderRow | undefined {
    if (row.kind === "folder") {
      return undefined;
    }
    const parent = row.path.split("/").slice(0, -1).join("/");
    return this.#rows.get(parent === "" ? row.folder.id : `${row.folder.id}/${parent}`);
  }

  async handleDrop(target: FolderRow | undefined, data: vscode.DataTransfer): Promise<void> {
    const list = await data.get("text/uri-list")?.asString();
    const files = (list ?? "")
      .split(/\r?\n/)
      .filter((line) => line.startsWith("file:"))
      .map((line) => vscode.Uri.parse(line));
    if (target !== undefined && files.length > 0) {
      await this.#deps.onDrop(target, files);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #within(parent: FolderRow, entries: readonly FolderEntry[]): FolderRow[] {
    if (entries.length > shownEntries) {
      const shown = shownEntries.toLocaleString("en");
      this.#deps.logger.warn(`only ${shown} of ${entries.length.toLocaleString("en")} entries are shown`);
    }
    return entryRows(parent.folder, pathOf(parent), entries);
  }

  #keep(row: FolderRow): FolderRow {
    this.#rows.set(lookOf(row).id, row);
    return row;
  }
}

function pathOf(row: FolderRow): string {
  return row.kind === "folder" ? "" : row.path;
}

/** The rows that a command is for: those it was opened on, else the selected ones. */
export function rowsOf(view: FoldersView, clicked: unknown, all: unknown): readonly FolderRow[] {
  const candidates: readonly unknown[] = Array.isArray(all)
    ? all
    : clicked === undefined
      ? view.view.selection
      : [clicked];
  return candidates.filter(isRow);
}

function isRow(value: unknown): value is FolderRow {
  return typeof value === "object" && value !== null && "kind" in value && "folder" in value;
}

/** The folder as quick picks and titles show it. */
export function titleOf(folder: Folder, path: string): string {
  return path === "" ? folder.name : `${folder.name}/${path}`;
}
