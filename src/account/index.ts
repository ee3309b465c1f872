import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import { contextKeys } from "../platform/commandIds.js";
import type { Account } from "./account.js";
import type { ProfileDoor } from "./connector.js";
import type { ProfileSecrets } from "./profiles/profileSecrets.js";
import { registerAccountCommands } from "./vscode/accountCommands.js";
import { showConnection } from "./vscode/connectionStatus.js";
import { followSettings } from "./vscode/followSettings.js";
import { registerServerCommands } from "./vscode/serverCommands.js";
import { ServerReportDocument } from "./vscode/serverReportDocument.js";

/** What the account's face works with. */
export interface AccountDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly secrets: ProfileSecrets;
  /** How to reach the server of a profile, for who signs in. */
  readonly door: ProfileDoor;
  readonly logger: Logger;
  /** How many sessions of the server in use are not over. */
  readonly liveSessions: () => number;
}

/** Commands and status of the connection. */
export function registerAccount(deps: AccountDeps): Disposable {
  const { commands, account, secrets, logger } = deps;
  const owned = new DisposableStore();
  void vscode.commands.executeCommand("setContext", contextKeys.hasEnvironment, account.hasEnvironment);
  for (const command of [
    ...registerAccountCommands(commands, deps),
    ...registerServerCommands(commands, deps),
  ]) {
    owned.add(command);
  }
  const tellServers = (): void => {
    const hasServers = account.profiles.profiles.length > 0;
    void vscode.commands.executeCommand("setContext", contextKeys.hasServers, hasServers);
    for (const problem of account.profiles.problems) {
      logger.warn(problem);
    }
  };
  tellServers();
  owned.add(account.profiles.onDidChange(tellServers));
  owned.add(followSettings(account, secrets, logger));
  const report = owned.add(new ServerReportDocument(account.connection));
  owned.add(commands.register("backendai.account.showServer", () => report.show()));
  owned.add(showConnection(account));
  return owned;
}
