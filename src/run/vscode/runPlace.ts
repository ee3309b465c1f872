import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { isOnThisComputer, targetLabel } from "../../account/target.js";
import type { SessionSummary } from "../../api/index.js";
import { UntrustedWorkspaceError } from "../../base/errors.js";

/**
 * A cluster keeps a program away from this computer; the local engine does not.
 * @throws {UntrustedWorkspaceError}
 */
export function checkTrust(account: Account): void {
  if (!vscode.workspace.isTrusted && isOnThisComputer(account.defaultTarget())) {
    throw new UntrustedWorkspaceError();
  }
}

/** Where a program runs, in words: session and server. */
export function placeWords({ connection }: Account, session: SessionSummary): string {
  const { state } = connection;
  const server = state.phase === "connected" ? targetLabel(state.target) : "";
  return l10n.t("{0} on {1}", session.name, server);
}
