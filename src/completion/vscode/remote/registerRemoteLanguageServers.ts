import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import type { Event } from "../../../base/event.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { once } from "../../../base/once.js";
import type { Commands } from "../../../platform/commands.js";
import type { CodeSession } from "../../../sessions/interpreters.js";
import type { FormerNames } from "../../../sessions/lifecycle/formerNames.js";
import type { SessionFeed } from "../../../sessions/sessionFeed.js";
import type { SessionStore } from "../../../sessions/sessionStore.js";
import type { SessionTunnels } from "../../../tunnel/sessionTunnels.js";
import type { RemoteLanguageServers } from "./remoteLanguageServers.js";

/** What language servers of sessions work with. */
export interface RemoteLanguageServersDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly tunnels: SessionTunnels;
  readonly formerNames: Pick<FormerNames, "idOf">;
  /** The session whose server is to serve a document; `undefined` where none is meant. */
  readonly sessionFor: (document: vscode.TextDocument) => CodeSession | undefined;
  /** Fired when another session may be meant. */
  readonly onDidChangeSession: Event<unknown>;
  readonly logger: Logger;
}

/**
 * The language servers of sessions: commands, and those that a setting has started when a document needs them. Nothing of it is
 * loaded before a command asks, or a document while the setting is on.
 */
export function registerRemoteLanguageServers(deps: RemoteLanguageServersDeps): Disposable {
  const owned = new DisposableStore();
  const load = once(async (): Promise<RemoteLanguageServers> => {
    const { RemoteLanguageServers } = await import("./remoteLanguageServers.js");
    return owned.add(new RemoteLanguageServers(deps));
  });
  const { commands, logger } = deps;
  owned.add(
    commands.register("backendai.languageServer.start", async (signal, clicked) =>
      (await load()).start(signal, clicked),
    ),
  );
  owned.add(commands.register("backendai.languageServer.stop", async () => (await load()).stop()));
  owned.add(commands.register("backendai.languageServer.restart", async () => (await load()).restart()));
  owned.add(commands.register("backendai.languageServer.showLog", async () => (await load()).showLog()));

  let isFollowing = false;
  const look = (): void => {
    if (isFollowing || isWanted()) {
      isFollowing = true; // also the end of the wish is followed
      load()
        .then(async (servers) => servers.followDocuments())
        .catch((error: unknown) => logger.error(`language servers: ${String(error)}`));
    }
  };
  owned.add(vscode.workspace.onDidOpenTextDocument(look));
  owned.add(vscode.window.onDidChangeActiveTextEditor(look));
  owned.add(deps.store.onDidChange(look));
  owned.add(deps.onDidChangeSession(look));
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("backendai.languageServer.enabled")) {
        look();
      }
    }),
  );
  look();
  return owned;
}

/** Whether the setting asks for a server of any language. */
function isWanted(): boolean {
  const value = vscode.workspace.getConfiguration("backendai").get<unknown>("languageServer.enabled");
  return (
    value === true || (typeof value === "object" && value !== null && Object.values(value).includes(true))
  );
}
