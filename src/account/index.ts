import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Commands } from "../platform/commands.js";
import { contextKeys } from "../platform/commandIds.js";
import type { Account } from "./account.js";
import { registerAccountCommands } from "./vscode/accountCommands.js";
import { showConnection } from "./vscode/connectionStatus.js";
import { ServerReportDocument } from "./vscode/serverReportDocument.js";

/** What the account's face works with. */
export interface AccountDeps {
  readonly commands: Commands;
  readonly account: Account;
  /** How many sessions of the server in use are not over. */
  readonly liveSessions: () => number;
}

/** Commands and status of the connection. */
export function registerAccount({ commands, account, liveSessions }: AccountDeps): Disposable {
  const owned = new DisposableStore();
  void vscode.commands.executeCommand("setContext", contextKeys.hasEnvironment, account.hasEnvironment);
  for (const command of registerAccountCommands(commands, { account, liveSessions })) {
    owned.add(command);
  }
  const report = owned.add(new ServerReportDocument(account.connection));
  owned.add(commands.register("backendai.account.showServer", () => report.show()));
  owned.add(showConnection(account.connection));
  return owned;
}
