import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { CoalescedTask } from "../../../base/coalesce.js";
import { messageOf } from "../../../base/errors.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { createTreeItem } from "../../../platform/shown/treeItem.js";
import type { BackgroundRuns } from "../../background/backgroundRuns.js";
import type { RunHistory } from "../../history/runHistory.js";
import { type RunRow, runRows } from "../../history/runRows.js";
import type { FileRuns } from "../fileRuns.js";

/** What comes within this time is shown at once, in milliseconds. */
const gatherMs = 150;

/** What the view shows. */
export interface RunsViewDeps {
  readonly history: RunHistory;
  readonly background: BackgroundRuns;
  readonly runs: FileRuns;
  readonly logger: Logger;
}

/** The view of runs: those under way, those that go on in sessions, and past ones. */
export class RunsView implements Disposable, vscode.TreeDataProvider<RunRow> {
  readonly view: vscode.TreeView<RunRow>;
  readonly #deps: RunsViewDeps;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly #read = new CoalescedTask(async () => this.#load());
  #timer: NodeJS.Timeout | undefined;
  #rows: readonly RunRow[] = [];

  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(deps: RunsViewDeps) {
    this.#deps = deps;
    const { history, background, runs } = deps;
    this.view = this.#owned.add(
      vscode.window.createTreeView("backendai.runs", { treeDataProvider: this, canSelectMany: true }),
    );
    for (const changes of [history.onDidChange, background.onDidChange, runs.onDidChange]) {
      this.#owned.add(changes(() => this.#changed()));
    }
    this.#owned.add(this.view.onDidChangeVisibility(() => this.#changed()));
    this.#owned.defer(() => clearTimeout(this.#timer));
    this.#changed();
  }

  getChildren(parent?: RunRow): RunRow[] {
    return parent === undefined ? [...this.#rows] : [];
  }

  /** All runs, also while nobody looks. */
  async all(): Promise<readonly RunRow[]> {
    const { history, background, runs } = this.#deps;
    const records = await history.list();
    return runRows({ records, found: background.found, active: runs.activeIds, now: Date.now() });
  }

  getTreeItem(row: RunRow): vscode.TreeItem {
    const item = createTreeItem({ ...row, accessibleLabel: `${row.label}, ${row.description}` });
    item.iconPath = new vscode.ThemeIcon(
      row.icon.name,
      row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color),
    );
    item.command = { command: "backendai.runs.open", title: l10n.t("Open"), arguments: [row] };
    return item;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Nobody looks: nothing is read. */
  #changed(): void {
    if (this.view.visible) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#read.run().catch((error: unknown) => {
          this.#deps.logger.warn(`the runs can't be shown: ${messageOf(error)}`);
        });
      }, gatherMs);
    }
  }

  async #load(): Promise<void> {
    this.#rows = await this.all();
    this.#didChange.fire(undefined);
  }
}
