import * as vscode from "vscode";
import { SignedOutError } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { contextKeys } from "../../platform/commandIds.js";
import { describeError } from "../../platform/describeError.js";
import type { ConnectionState, ConnectionStore } from "../connectionStore.js";
import { targetLabel } from "../target.js";

/** The status bar item and the context key that follow the connection. */
export function showConnection(store: ConnectionStore): Disposable {
  const owned = new DisposableStore();
  const item = owned.add(
    vscode.window.createStatusBarItem("backendai.connection", vscode.StatusBarAlignment.Left, 50),
  );
  item.name = "Backend.AI connection";
  item.command = "backendai.account.connect";
  const show = (state: ConnectionState): void => {
    void vscode.commands.executeCommand("setContext", contextKeys.connection, state.phase);
    void vscode.commands.executeCommand("setContext", contextKeys.signedOut, isSignedOut(state));
    render(item, state);
  };
  owned.add(store.onDidChange(show));
  show(store.state);
  return owned;
}

function isSignedOut(state: ConnectionState): boolean {
  return state.phase === "failed" && state.error instanceof SignedOutError;
}

function render(item: vscode.StatusBarItem, state: ConnectionState): void {
  if (state.phase === "disconnected") {
    item.hide();
    return;
  }
  const label = targetLabel(state.target);
  const failed = state.phase === "failed";
  const waits = isSignedOut(state) ? ": sign in" : "";
  item.text = `${{ connecting: "$(loading~spin)", connected: "$(server)", failed: "$(warning)" }[state.phase]} ${label}${waits}`;
  item.backgroundColor = failed ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  item.tooltip = failed
    ? describeError(state.error).summary
    : state.phase === "connected"
      ? `Backend.AI: connected to ${label} (manager ${state.client.dialect.manager})`
      : `Backend.AI: connecting to ${label}…`;
  item.show();
}
