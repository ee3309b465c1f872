import * as vscode from "vscode";
import type { SessionSummary } from "../../api/index.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { plural } from "../../base/text.js";
import { describeError } from "../../platform/describeError.js";
import { phaseOf } from "../../wire/status.js";
import {
  type BranchRow,
  isBranchItem,
  type SessionBranches,
  type SessionBranchItem,
} from "../sessionBranches.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { sessionNode } from "../sessionTree.js";
import { RowDragAndDrop } from "./rowDragAndDrop.js";

/** What the view shows: sessions, and under them what other features have to show. */
export type SessionRow = SessionSummary | SessionBranchItem;

/** The sessions as rows of a tree view. Rows are the store's own records, compared by id. */
class SessionTreeProvider implements vscode.TreeDataProvider<SessionRow> {
  readonly #store: SessionStore;
  readonly #branches: SessionBranches;
  readonly onDidChangeTreeData: vscode.Event<SessionRow | undefined>;

  constructor(
    store: SessionStore,
    branches: SessionBranches,
    didChange: vscode.Event<SessionRow | undefined>,
  ) {
    this.#store = store;
    this.#branches = branches;
    this.onDidChangeTreeData = didChange;
  }

  async getChildren(parent?: SessionRow): Promise<SessionRow[]> {
    if (parent === undefined) {
      return [...this.#store.snapshot.sessions];
    }
    return [...(isBranchItem(parent) ? await this.#branches.children(parent) : this.#branches.items(parent))];
  }

  /** VS Code asks when a row is to be unfolded. */
  getParent(row: SessionRow): SessionRow | undefined {
    return isBranchItem(row) ? (row.parent ?? this.#store.find(row.sessionId)) : undefined;
  }

  getTreeItem(row: SessionRow): vscode.TreeItem {
    return isBranchItem(row) ? branchItem(row) : this.#sessionItem(row);
  }

  #sessionItem(session: SessionSummary): vscode.TreeItem {
    const node = sessionNode(session, Date.now());
    const item = treeItem(node);
    item.tooltip = new vscode.MarkdownString(node.tooltip);
    item.iconPath = new vscode.ThemeIcon(
      node.icon.name,
      node.icon.color === undefined ? undefined : new vscode.ThemeColor(node.icon.color),
    );
    item.collapsibleState =
      this.#branches.items(session).length > 0
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.None;
    return item;
  }
}

function branchItem(element: SessionBranchItem): vscode.TreeItem {
  const { row } = element;
  const item = treeItem(row);
  item.tooltip = row.tooltip;
  item.iconPath = new vscode.ThemeIcon(row.icon);
  if (row.isFolded === true) {
    item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
  }
  if (row.resource !== undefined) {
    item.resourceUri = vscode.Uri.from(row.resource);
  }
  const click = clickOf(element, item.resourceUri);
  if (click !== undefined) {
    item.command = click;
  }
  return item;
}

/** VS Code's own command knows of previews, of focus, and of a second click. */
function clickOf(element: SessionBranchItem, uri: vscode.Uri | undefined): vscode.Command | undefined {
  const { command, resource } = element.row;
  if (command === undefined) {
    return resource?.isDocument === true
      ? { command: "vscode.open", title: "Open", arguments: [uri] }
      : undefined;
  }
  return { command: command.id, title: command.title, arguments: [element] };
}

/** What rows of both kinds have. */
function treeItem(
  node: Pick<BranchRow, "id" | "label" | "description" | "contextValue" | "accessibleLabel">,
): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label);
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.accessibleLabel };
  return item;
}

/** What the view shows, and what it tells that somebody looks. */
export interface SessionViewDeps {
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly branches: SessionBranches;
  readonly logger: Logger;
}

/** The session view: rows, badge, a line of text when something is wrong, and the feed's knowledge of who looks. */
export function showSessions(
  { store, feed, branches, logger }: SessionViewDeps,
  onDidShow: () => void,
): { readonly view: vscode.TreeView<SessionRow>; readonly owned: Disposable } {
  const owned = new DisposableStore();
  const didChange = owned.add(new vscode.EventEmitter<SessionRow | undefined>());
  const treeDataProvider = new SessionTreeProvider(store, branches, didChange.event);
  const view = owned.add(
    vscode.window.createTreeView("backendai.sessions", {
      treeDataProvider,
      canSelectMany: true,
      dragAndDropController: new RowDragAndDrop(branches, logger),
    }),
  );
  const render = (): void => {
    const { sessions, phase, error } = store.snapshot;
    const running = sessions.filter((session) => phaseOf(session.status) === "running").length;
    view.badge =
      running > 0 ? { value: running, tooltip: `${plural(running, "session")} running` } : undefined;
    branches.keepOnly(new Set(sessions.map(({ id }) => id)));
    view.message = phase === "stale" ? `Not up to date: ${describeError(error).summary}` : "";
    didChange.fire(undefined);
  };
  const look = (visible: boolean): void => {
    feed.setWatched(visible);
    if (visible) {
      onDidShow();
    }
  };
  owned.add(store.onDidChange(render));
  owned.add(branches.onDidChange((row) => didChange.fire(row)));
  owned.add(unfoldFirstRows(view, store, branches));
  owned.add(
    view.onDidExpandElement(({ element }) => {
      if (isBranchItem(element)) {
        branches.unfolded(element);
      }
    }),
  );
  owned.add(view.onDidChangeVisibility((event) => look(event.visible)));
  look(view.visible);
  return { view, owned };
}

/** VS Code keeps a row folded that it knew without rows below it, so that the first of them would be hidden. */
function unfoldFirstRows(
  view: vscode.TreeView<SessionRow>,
  store: SessionStore,
  branches: SessionBranches,
): Disposable {
  let known = new Set<string>();
  return branches.onDidChange((row) => {
    if (row !== undefined) {
      return;
    }
    const withRows = store.snapshot.sessions.filter((session) => branches.items(session).length > 0);
    const fresh = withRows.find((session) => !known.has(session.id));
    known = new Set(withRows.map(({ id }) => id));
    if (fresh !== undefined && view.visible) {
      // a row that is gone meanwhile can't be revealed, and nobody misses it
      void Promise.resolve(view.reveal(fresh, { expand: true, select: false })).catch(() => undefined);
    }
  });
}
