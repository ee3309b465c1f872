import * as vscode from "vscode";
import { isAbort } from "../../base/abort.js";
import { messageOf, SignedOutError } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { Account } from "../account.js";
import type { ProfileSecrets } from "../profiles/profileSecrets.js";
import { type ConnectionTarget, isSameTarget } from "../target.js";

/** Settings that say how servers are reached. */
const networkSettings = ["http.proxy", "http.noProxy", "http.proxyStrictSSL", "http.systemCertificates"];

/**
 * Keeps the connection as the settings and the keychain say, whoever changed them and in whichever window: a server that was
 * changed, or is reached in another way, is connected to again; one that was removed or signed out of is left.
 */
export function followSettings(account: Account, secrets: ProfileSecrets, logger: Logger): Disposable {
  const { connection, profiles } = account;
  const owned = new DisposableStore();
  const again = async (target: ConnectionTarget): Promise<void> => {
    try {
      await connection.disconnect();
      await connection.connect(target);
    } catch (error) {
      if (!isAbort(error)) {
        logger.warn(`connecting again: ${messageOf(error)}`); // the state shows it
      }
    }
  };
  owned.add(
    profiles.onDidChange(() => {
      const { state } = connection;
      if (state.phase === "disconnected" || state.target.kind !== "profile") {
        return;
      }
      const profile = profiles.find(state.target.profile.id);
      if (profile === undefined) {
        void connection.disconnect();
      } else if (!isSameTarget(state.target, { kind: "profile", profile })) {
        void again({ kind: "profile", profile });
      }
    }),
  );
  owned.add(
    secrets.onDidChange((id) => {
      const { state } = connection;
      if (
        state.phase === "disconnected" ||
        state.target.kind !== "profile" ||
        state.target.profile.id !== id
      ) {
        return;
      }
      const { target } = state;
      const isWaiting = state.phase === "failed" && state.error instanceof SignedOutError;
      void secrets.get(target.profile).then((signIn) => {
        if (signIn === undefined && state.phase !== "failed") {
          return connection.disconnect();
        }
        return signIn !== undefined && isWaiting ? again(target) : undefined;
      });
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      const { state } = connection;
      const isRemote = state.phase !== "disconnected" && state.target.kind !== "local";
      if (isRemote && networkSettings.some((name) => event.affectsConfiguration(name))) {
        void again(state.target);
      }
    }),
  );
  return owned;
}
