import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ConnectionStore } from "../../account/connectionStore.js";
import { type Disposable, DisposableStore, toDisposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { contextKeys } from "../../platform/commandIds.js";
import { describeError } from "../../platform/describeError.js";
import { withSessionsProgress } from "../../platform/progress.js";
import { isBranchItem, type SessionBranches } from "../sessionBranches.js";
import type { SessionFeed } from "../sessionFeed.js";
import type { SessionStore } from "../sessionStore.js";
import { containerBranch } from "../tree/containerBranch.js";
import { SessionFactsStore } from "../tree/sessionFacts.js";
import { SessionForest } from "../tree/sessionForest.js";
import { isSessionItem, type SessionItem } from "../tree/sessionRows.js";
import { descriptionOf, welcomeOf } from "../tree/viewState.js";
import { RowDragAndDrop } from "./rowDragAndDrop.js";
import { mostUnfolded, type SessionRow, SessionTreeProvider } from "./sessionTreeProvider.js";

/** What the view shows, and what it tells that somebody looks. */
export interface SessionViewDeps {
  readonly connection: ConnectionStore;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly branches: SessionBranches;
  readonly logger: Logger;
}

/** The session view while it is there. */
export interface SessionView {
  readonly view: vscode.TreeView<SessionRow>;
  readonly forest: SessionForest;
  readonly owned: Disposable;
}

/** How often rows say anew how old their sessions are. */
const agesMs = 60_000;

/** The session view: rows, badge, a line of text when something is wrong, and the feed's knowledge of who looks. */
export function showSessions(deps: SessionViewDeps, onDidShow: () => void): SessionView {
  const { connection, store, feed, branches, logger } = deps;
  const owned = new DisposableStore();
  const didChange = owned.add(new vscode.EventEmitter<SessionRow | undefined>());
  const forest = owned.add(new SessionForest(store));
  const facts = new SessionFactsStore(connection);
  const treeDataProvider = new SessionTreeProvider(
    { store, feed, forest, branches, facts, logger },
    didChange.event,
  );
  const view = owned.add(
    vscode.window.createTreeView("backendai.sessions", {
      treeDataProvider,
      canSelectMany: true,
      dragAndDropController: new RowDragAndDrop(branches, logger),
    }),
  );
  const look = (visible: boolean): void => {
    feed.setWatched(visible);
    if (visible) {
      onDidShow();
    }
  };
  owned.add(store.onDidChange(forgetGone(store, branches)));
  owned.add(showState(deps, view, forest));
  owned.add(forest.onDidChange((row) => didChange.fire(row)));
  owned.add(feed.onDidChangeScope(() => didChange.fire(undefined)));
  owned.add(branches.add(containerBranch(facts)));
  owned.add(branches.onDidChange((row) => didChange.fire(row)));
  owned.add(unfoldFirstRows(deps, view, forest));
  owned.add(
    view.onDidExpandElement(({ element }) => {
      if (isBranchItem(element)) {
        branches.unfolded(element);
      }
    }),
  );
  owned.add(view.onDidChangeVisibility((event) => look(event.visible)));
  const ages = setInterval(() => view.visible && didChange.fire(undefined), agesMs);
  owned.defer(() => clearInterval(ages));
  look(view.visible);
  return { view, forest, owned };
}

/** Rows of features go with the sessions that they are under. */
function forgetGone(
  store: SessionStore,
  branches: SessionBranches,
): Parameters<SessionStore["onDidChange"]>[0] {
  return (change) => {
    if (change.kind === "sessions") {
      branches.forget(change.ids.filter((id) => !store.has(id)));
    } else if (change.kind === "all") {
      branches.keepOnly(new Set([...store.live()].map(({ id }) => id)));
    }
  };
}

/** Badge, description, message and context keys. */
function showState(
  { connection, store, feed }: SessionViewDeps,
  view: vscode.TreeView<SessionRow>,
  forest: SessionForest,
): Disposable {
  const owned = new DisposableStore();
  const keys = new Map<string, string | boolean>();
  const setKey = (key: string, value: string | boolean): void => {
    if (keys.get(key) !== value) {
      keys.set(key, value);
      void vscode.commands.executeCommand("setContext", key, value);
    }
  };
  const say = (where: "message" | "description", text: string): void => {
    if ((view[where] ?? "") !== text) {
      view[where] = text; // each setting is a message to the window
    }
  };
  const progress = owned.add(loadingProgress());
  const render = (): void => {
    const { filter, running } = forest;
    const { size, state } = store;
    const { scope, isAdministrator } = feed.scope;
    if (view.badge?.value !== (running || undefined)) {
      view.badge =
        running > 0
          ? {
              value: running,
              tooltip: running === 1 ? l10n.t("1 session running") : l10n.t("{0} sessions running", running),
            }
          : undefined;
    }
    const isOld = state.phase === "stale" && size > 0;
    say("message", isOld ? l10n.t("Not up to date: {0}", describeError(state.error).summary) : "");
    say("description", descriptionOf(forest, { size, scope }));
    setKey(
      contextKeys.sessionsWelcome,
      welcomeOf(connection.state, state, { isFiltered: filter.isActive, size }),
    );
    setKey(contextKeys.sessionsFiltered, filter.isActive);
    setKey(contextKeys.administrator, isAdministrator);
    setKey(contextKeys.allSessions, scope === "all");
    progress.show(state.phase === "loading");
  };
  owned.add(forest.onDidChange(render));
  owned.add(store.onDidChange(render));
  owned.add(feed.onDidChangeScope(render));
  owned.add(connection.onDidChange(render));
  render();
  return owned;
}

/** The line that moves at the top of the view while its list is read. */
function loadingProgress(): Disposable & { show(isLoading: boolean): void } {
  let stop: (() => void) | undefined;
  const hide = (): void => {
    stop?.();
    stop = undefined;
  };
  return {
    ...toDisposable(hide),
    show(isLoading) {
      if (!isLoading) {
        hide();
      } else if (stop === undefined) {
        void withSessionsProgress(async () => new Promise<void>((resolve) => (stop = resolve)));
      }
    },
  };
}

/** VS Code keeps a row folded that it knew without rows below it, so that the first of them would be hidden. */
function unfoldFirstRows(
  { store, branches }: Pick<SessionViewDeps, "store" | "branches">,
  view: vscode.TreeView<SessionRow>,
  forest: SessionForest,
): Disposable {
  const known = new Set<string>();
  const look = (item: SessionItem): void => {
    const hasRows = branches.items(item.session).length > 0;
    if (!hasRows) {
      known.delete(item.id);
    } else if (!known.has(item.id)) {
      known.add(item.id);
      if (view.visible && store.size <= mostUnfolded) {
        // a row that is gone meanwhile can't be revealed, and nobody misses it
        void Promise.resolve(view.reveal(item, { expand: true, select: false })).catch(() => undefined);
      }
    }
  };
  const lookAtAll = (): void => {
    for (const item of branches.drawn().flatMap((id) => forest.itemOf(id) ?? [])) {
      look(item);
    }
  };
  const owned = new DisposableStore();
  owned.add(branches.onDidChange((row) => row === undefined && lookAtAll()));
  // A session that begins to run has rows from then on.
  owned.add(forest.onDidChange((row) => (isSessionItem(row) ? look(row) : row === undefined && lookAtAll())));
  owned.add(store.onDidChange(() => store.size === 0 && known.clear()));
  return owned;
}
