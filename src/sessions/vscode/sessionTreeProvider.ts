import * as vscode from "vscode";
import type { SessionSummary } from "../../api/index.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { plural } from "../../base/text.js";
import { describeError } from "../../platform/describeError.js";
import { phaseOf } from "../../wire/status.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { sessionNode } from "../sessionTree.js";

/** The sessions as rows of a tree view. Rows are the store's own records, compared by id. */
class SessionTreeProvider implements vscode.TreeDataProvider<SessionSummary> {
  readonly #store: SessionStore;
  readonly onDidChangeTreeData: vscode.Event<undefined>;

  constructor(store: SessionStore, didChange: vscode.Event<undefined>) {
    this.#store = store;
    this.onDidChangeTreeData = didChange;
  }

  getChildren(parent?: SessionSummary): SessionSummary[] {
    return parent ? [] : [...this.#store.snapshot.sessions];
  }

  getTreeItem(session: SessionSummary): vscode.TreeItem {
    const node = sessionNode(session, Date.now());
    const item = new vscode.TreeItem(node.label);
    item.id = node.id;
    item.description = node.description;
    item.tooltip = new vscode.MarkdownString(node.tooltip);
    item.iconPath = new vscode.ThemeIcon(
      node.icon.name,
      node.icon.color === undefined ? undefined : new vscode.ThemeColor(node.icon.color),
    );
    item.contextValue = node.contextValue;
    item.accessibilityInformation = { label: node.accessibleLabel };
    return item;
  }
}

/** The session view: rows, badge, a line of text when something is wrong, and the feed's knowledge of who looks. */
export function showSessions(
  store: SessionStore,
  feed: SessionFeed,
  onDidShow: () => void,
): { readonly view: vscode.TreeView<SessionSummary>; readonly owned: Disposable } {
  const owned = new DisposableStore();
  const didChange = owned.add(new vscode.EventEmitter<undefined>());
  const treeDataProvider = new SessionTreeProvider(store, didChange.event);
  const view = owned.add(
    vscode.window.createTreeView("backendai.sessions", { treeDataProvider, canSelectMany: true }),
  );
  const render = (): void => {
    const { sessions, phase, error } = store.snapshot;
    const running = sessions.filter((session) => phaseOf(session.status) === "running").length;
    view.badge =
      running > 0 ? { value: running, tooltip: `${plural(running, "session")} running` } : undefined;
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
  owned.add(view.onDidChangeVisibility((event) => look(event.visible)));
  look(view.visible);
  return { view, owned };
}
