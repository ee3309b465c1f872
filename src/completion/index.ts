import * as vscode from "vscode";
import type { Account } from "../account/account.js";
import { messageOf } from "../base/errors.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { Interpreters } from "../sessions/interpreters.js";
import type { FormerNames } from "../sessions/lifecycle/formerNames.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { completedLanguages } from "./completedLanguages.js";
import { registerRemoteLanguageServers } from "./vscode/remote/registerRemoteLanguageServers.js";
import { sessionOf } from "./vscode/documentPlaces.js";

/** What completion works with. */
export interface CompletionDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly tunnels: SessionTunnels;
  /** Tells which session runs what. */
  readonly interpreters: Interpreters;
  readonly formerNames: FormerNames;
  readonly logger: Logger;
}

/**
 * Completion from sessions. Nothing of it is read before an editor shows code that a session runs: the language client is as large as
 * all the rest.
 */
export function registerCompletion(deps: CompletionDeps): Disposable {
  const { commands, account, interpreters, logger } = deps;
  const owned = new DisposableStore();
  owned.add(
    commands.register("backendai.completion.toggle", async () =>
      (await import("./vscode/completionStatus.js")).toggleCompletion(),
    ),
  );
  const parts = { connection: account.connection, store: deps.store, interpreters };
  let isStarted = false;
  const look = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    if (isStarted || document === undefined || !completedLanguages.includes(document.languageId)) {
      return;
    }
    if (sessionOf(document.uri, document.languageId, parts) !== undefined) {
      isStarted = true;
      void start();
    }
  };
  const start = async (): Promise<void> => {
    try {
      const { startCompletion } = await import("./vscode/startCompletion.js");
      owned.add(await startCompletion({ ...deps, parts }));
    } catch (error) {
      logger.error(`completion could not be started: ${messageOf(error)}`);
    }
  };
  owned.add(vscode.window.onDidChangeActiveTextEditor(look));
  owned.add(interpreters.onDidChange(look));
  owned.add(account.connection.onDidChange(look));
  look();
  owned.add(
    registerRemoteLanguageServers({
      ...deps,
      sessionFor: ({ uri, languageId }) => sessionOf(uri, languageId, parts),
      onDidChangeSession: interpreters.onDidChange,
    }),
  );
  return owned;
}
