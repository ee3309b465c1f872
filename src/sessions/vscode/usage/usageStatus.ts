import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ConnectionStore } from "../../../account/connectionStore.js";
import { serverIdOf } from "../../../account/target.js";
import type { SessionSummary } from "../../../api/index.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { settings } from "../../../platform/settings.js";
import { phaseOf } from "../../../wire/status.js";
import { logOf } from "../../logs/logAddress.js";
import { isBranchItem } from "../../sessionBranches.js";
import { isSessionItem } from "../../tree/sessionRows.js";
import type { SessionStore } from "../../sessionStore.js";
import type { UsageFeed } from "../../usage/usageFeed.js";
import type { SessionsInView } from "../../usage/sessionsInView.js";
import { isMemoryScarce, usageLine, usageTooltip } from "../../usage/usageText.js";
import type { SessionRow } from "../sessionTreeProvider.js";

/** What showing the usage works with. */
export interface UsageStatusDeps {
  readonly connection: ConnectionStore;
  readonly store: SessionStore;
  readonly view: vscode.TreeView<SessionRow>;
  readonly feed: UsageFeed;
  readonly inView: SessionsInView;
}

/** The scheme of files of sessions; the feature that has them is not known here. */
const fileScheme = "backendai";

/** The status bar item with what the session before one's eyes uses. While none is, or nobody looks, nothing is asked. */
export function showUsage(deps: UsageStatusDeps): Disposable {
  const { connection, store, view, feed, inView } = deps;
  const owned = new DisposableStore();
  const item = owned.add(
    vscode.window.createStatusBarItem("backendai.usage", vscode.StatusBarAlignment.Left, 49),
  );
  item.name = l10n.t("Backend.AI usage of the session");
  let session: SessionSummary | undefined;
  const look = (): void => {
    feed.setActive(vscode.window.state.focused);
    session = settings.sessionsShowUsage() ? watched(deps) : undefined;
    const { state } = connection;
    feed.watch(session && state.phase === "connected" ? { client: state.client, id: session.id } : undefined);
    show();
  };
  const show = (): void => render(item, session, feed);
  owned.add(feed.onDidChange(show));
  const events: readonly ((listener: () => void) => Disposable)[] = [
    view.onDidChangeSelection,
    view.onDidChangeVisibility,
    vscode.window.onDidChangeActiveTextEditor,
    vscode.window.onDidChangeWindowState,
    connection.onDidChange,
    store.onDidChange,
    inView.onDidChange,
  ];
  for (const event of events) {
    owned.add(event(look));
  }
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("backendai.sessions.showUsage")) {
        look();
      }
    }),
  );
  look();
  return owned;
}

/** The selected row, else the session of the active editor, else what other features show; only running ones have figures. */
function watched({ connection, store, view, inView }: UsageStatusDeps): SessionSummary | undefined {
  const { state } = connection;
  if (state.phase !== "connected") {
    return undefined;
  }
  const server = serverIdOf(state.target);
  const names = [
    view.visible ? rowSession(view.selection) : undefined,
    editorSession(vscode.window.activeTextEditor?.document.uri, server),
    inView.current,
  ];
  const running = store.snapshot.sessions.filter(({ status }) => phaseOf(status) === "running");
  const found = names.flatMap(
    (named) => running.find(({ id }) => id === named) ?? running.find(({ name }) => name === named) ?? [],
  );
  return found[0] ?? (view.visible && running.length === 1 ? running[0] : undefined);
}

function editorSession(uri: vscode.Uri | undefined, server: string): string | undefined {
  if (uri?.authority !== server) {
    return undefined;
  }
  return uri.scheme === fileScheme ? uri.path.split("/")[1] : logOf(uri)?.sessionId;
}

function rowSession(selection: readonly SessionRow[]): string | undefined {
  const [row] = selection;
  if (row === undefined || selection.length > 1) {
    return undefined;
  }
  return isBranchItem(row) ? row.sessionId : isSessionItem(row) ? row.id : undefined;
}

function render(item: vscode.StatusBarItem, session: SessionSummary | undefined, { state }: UsageFeed): void {
  if (session === undefined || state.phase !== "known") {
    item.hide(); // no word of a server that has no figures
    return;
  }
  const { usage } = state;
  const tooltip = new vscode.MarkdownString(usageTooltip(session, usage));
  tooltip.supportThemeIcons = true;
  const title = l10n.t("Show Information");
  item.command = { command: "backendai.sessions.showInfo", title, arguments: [session] };
  item.text = `$(pulse) ${usageLine(usage)}`;
  item.tooltip = tooltip;
  item.backgroundColor = isMemoryScarce(usage)
    ? new vscode.ThemeColor("statusBarItem.warningBackground")
    : undefined;
  item.accessibilityInformation = { label: l10n.t("Session {0} uses {1}", session.name, usageLine(usage)) };
  item.show();
}
