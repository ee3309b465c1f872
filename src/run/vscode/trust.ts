import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { isOnThisComputer } from "../../account/target.js";
import { UntrustedWorkspaceError } from "../../base/errors.js";

/**
 * Keeps code of a folder that is not trusted away from this computer; a cluster does that by itself.
 * @throws {UntrustedWorkspaceError}
 */
export function checkTrust(account: Account): void {
  if (!vscode.workspace.isTrusted && isOnThisComputer(account.defaultTarget())) {
    throw new UntrustedWorkspaceError();
  }
}
