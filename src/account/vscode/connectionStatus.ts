import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { SignedOutError } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { contextKeys } from "../../platform/commandIds.js";
import { wordsFor } from "../../platform/describeError.js";
import type { Account } from "../account.js";
import type { ConnectionState } from "../connectionStore.js";
import { isUnverified, targetLabel } from "../target.js";

/** The status bar item and the context key that follow the connection. */
export function showConnection(account: Account): Disposable {
  const { connection, profiles } = account;
  const owned = new DisposableStore();
  const item = owned.add(
    vscode.window.createStatusBarItem("backendai.connection", vscode.StatusBarAlignment.Left, 50),
  );
  item.name = l10n.t("Backend.AI connection");
  item.command = "backendai.account.connect";
  let wasUsed = false;
  const show = (): void => {
    const { state } = connection;
    wasUsed ||= state.phase !== "disconnected";
    void vscode.commands.executeCommand("setContext", contextKeys.connection, state.phase);
    void vscode.commands.executeCommand("setContext", contextKeys.signedOut, isSignedOut(state));
    render(item, state);
    // Who has no server and runs nothing is left alone.
    if (wasUsed || account.hasChosenServer || profiles.profiles.length > 0) {
      item.show();
    } else {
      item.hide();
    }
  };
  owned.add(connection.onDidChange(show));
  owned.add(profiles.onDidChange(show));
  show();
  return owned;
}

function isSignedOut(state: ConnectionState): boolean {
  return state.phase === "failed" && state.error instanceof SignedOutError;
}

function render(item: vscode.StatusBarItem, state: ConnectionState): void {
  const { text, tooltip, isLoud } = statusOf(state);
  item.text = text;
  item.tooltip = tooltip;
  item.backgroundColor = isLoud ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
}

/** What the item says, and whether it should be noticed. */
function statusOf(state: ConnectionState): {
  readonly text: string;
  readonly tooltip: string;
  readonly isLoud: boolean;
} {
  if (state.phase === "disconnected") {
    return {
      text: "$(debug-disconnect) Backend.AI",
      tooltip: l10n.t("Backend.AI: not connected. Click to choose a server."),
      isLoud: false,
    };
  }
  const label = targetLabel(state.target);
  switch (state.phase) {
    case "connecting":
      return {
        text: `$(loading~spin) ${label}`,
        tooltip: l10n.t("Backend.AI: connecting to {0}…", label),
        isLoud: false,
      };
    case "failed":
      return {
        text: `$(warning) ${isSignedOut(state) ? l10n.t("{0}: sign in", label) : label}`,
        tooltip: `Backend.AI: ${wordsFor(state.error)}`,
        isLoud: true,
      };
    case "connected":
      return connectedStatus(state, label);
  }
}

function connectedStatus(
  { client, target }: Extract<ConnectionState, { phase: "connected" }>,
  label: string,
): ReturnType<typeof statusOf> {
  const isOpen = isUnverified(target);
  const { manager } = client.dialect;
  const where =
    target.kind === "local"
      ? l10n.t("Backend.AI: connected to {0} (manager {1}).", label, manager)
      : l10n.t(
          "Backend.AI: connected to {0} (manager {1}, sessions for {2}).",
          label,
          manager,
          client.defaults.group,
        );
  const warning = isOpen ? [l10n.t("Its certificate is not verified: others may listen.")] : [];
  const rights =
    target.kind === "local"
      ? [l10n.t("Its sessions are processes of this computer, with all your rights.")]
      : [];
  return {
    text: `$(server) ${label}${isOpen ? ` $(unlock) ${l10n.t("unverified")}` : ""}`,
    tooltip: [where, ...rights, ...warning].join(" "),
    isLoud: isOpen,
  };
}
