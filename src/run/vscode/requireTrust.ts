import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { isOnThisComputer } from "../../account/target.js";
import { UntrustedWorkspaceError } from "../../base/errors.js";

/**
 * A cluster keeps a program away from this computer; the local engine does not.
 * @throws {UntrustedWorkspaceError} before anything of a folder that is not trusted runs on this computer.
 */
export function requireTrust(account: Account): void {
  if (!vscode.workspace.isTrusted && isOnThisComputer(account.defaultTarget())) {
    throw new UntrustedWorkspaceError();
  }
}
