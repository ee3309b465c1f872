import * as vscode from "vscode";
import { isAbort } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { Account } from "../account.js";
import { connectAgain, type Followed, followProfiles, followSignIns } from "../followAccount.js";
import type { ProfileSecrets } from "../profiles/profileSecrets.js";

/** Settings that say how servers are reached. */
const networkSettings = ["http.proxy", "http.noProxy", "http.proxyStrictSSL", "http.systemCertificates"];

/**
 * Keeps the connection as the settings and the keychain say, whoever changed them and in whichever window: a server that was
 * changed, or is reached in another way, is connected to again; one that was removed or signed out of is left.
 */
export function followSettings(account: Account, secrets: ProfileSecrets, logger: Logger): Disposable {
  const { connection, profiles } = account;
  const owned = new DisposableStore();
  const followed: Followed = {
    connection,
    profiles,
    secrets,
    again: async (target) => {
      try {
        await connectAgain({ connection, profiles }, target);
      } catch (error) {
        if (!isAbort(error)) {
          logger.warn(`connecting again: ${messageOf(error)}`); // the state shows it
        }
      }
    },
  };
  owned.add(followProfiles(followed));
  owned.add(followSignIns(followed));
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      const { state } = connection;
      const isRemote = state.phase !== "disconnected" && state.target.kind !== "local";
      if (isRemote && networkSettings.some((name) => event.affectsConfiguration(name))) {
        void followed.again(state.target);
      }
    }),
  );
  return owned;
}
