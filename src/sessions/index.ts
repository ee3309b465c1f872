import type { Account } from "../account/account.js";
import { messageOf } from "../base/errors.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { KeyValueStore } from "../base/keyValueStore.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import { isBranchItem, type SessionBranches } from "./sessionBranches.js";
import type { SessionFeed } from "./sessionFeed.js";
import type { SessionStarter } from "./sessionStarter.js";
import type { SessionStore } from "./sessionStore.js";
import type { FormerNames } from "./lifecycle/formerNames.js";
import { StartMemory } from "./start/startMemory.js";
import { registerLifecycle } from "./vscode/lifecycle/registerLifecycle.js";
import { registerSessionCommands } from "./vscode/sessionCommands.js";
import { registerStartCommands } from "./vscode/start/startCommands.js";
import { showSessionFileLens } from "./vscode/start/sessionFileLens.js";
import { showSessions } from "./vscode/sessionTreeProvider.js";

/** What the session view and its commands work with. */
export interface SessionsDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  /** What other features show under sessions. */
  readonly branches: SessionBranches;
  /** Remembers what was started, for all windows. */
  readonly state: KeyValueStore;
  /** Names that sessions had before they were renamed. */
  readonly formerNames: FormerNames;
  /** Ids of sessions that this window has connections into. */
  readonly connectedSessions: () => readonly string[];
  readonly logger: Logger;
}

/** The session view and its commands. */
export function registerSessions({
  commands,
  account,
  store,
  feed,
  starter,
  branches,
  state,
  formerNames,
  connectedSessions,
  logger,
}: SessionsDeps): Disposable {
  const owned = new DisposableStore();
  const { view, owned: shown } = showSessions({ store, feed, branches, logger }, () =>
    connectWhenNamed(account, logger),
  );
  owned.add(shown);
  owned.add(
    commands.register("backendai.sessions.retryRows", (_, row) => {
      if (isBranchItem(row)) {
        branches.retry(row);
      }
    }),
  );
  const memory = new StartMemory(state);
  for (const command of [
    ...registerSessionCommands(commands, { store, feed, view }),
    ...registerStartCommands(commands, { account, store, starter, memory }),
  ]) {
    owned.add(command);
  }
  owned.add(showSessionFileLens());
  owned.add(
    registerLifecycle({
      ...{ commands, account, store, feed, starter, memory, formerNames, view, connectedSessions, logger },
    }),
  );
  return owned;
}

/**
 * Opening the view asks for the sessions of the server that the environment names, or that was used last. The local engine is not started by a
 * look: a button in the view does that.
 */
function connectWhenNamed(account: Account, logger: Logger): void {
  if (account.hasChosenServer && account.connection.state.phase === "disconnected") {
    account.client().catch((error: unknown) => logger.error(`connecting: ${messageOf(error)}`));
  }
}
