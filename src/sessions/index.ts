import type { Account } from "../account/account.js";
import { messageOf } from "../base/errors.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { KeyValueStore } from "../base/keyValueStore.js";
import type { Logger } from "../base/logger.js";
import type { SessionsInView } from "./usage/sessionsInView.js";
import type { Commands } from "../platform/commands.js";
import type { Contributions } from "../platform/contributions/contributions.js";
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
import { registerLinks } from "./vscode/link/registerLinks.js";
import { registerInfo } from "./vscode/info/registerInfo.js";
import { registerLogs } from "./vscode/logs/registerLogs.js";
import { registerUsage } from "./vscode/usage/registerUsage.js";
import { showSessions } from "./vscode/sessionView.js";
import { registerViewCommands } from "./vscode/viewCommands.js";

/** What the session view and its commands work with. */
export interface SessionsDeps {
  readonly commands: Commands;
  readonly contributions: Contributions;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  /** What other features show under sessions. */
  readonly branches: SessionBranches;
  /** Which session is before a person's eyes, as other features tell. */
  readonly inView: SessionsInView;
  /** A folder of the extension on this computer. */
  readonly globalStorage: string;
  /** Remembers what was started, for all windows. */
  readonly state: KeyValueStore;
  /** Names that sessions had before they were renamed. */
  readonly formerNames: FormerNames;
  /** Ids of sessions that this window has connections into. */
  readonly connectedSessions: () => readonly string[];
  /** The whole id of this extension, which links to sessions begin with. */
  readonly extensionId: string;
  readonly logger: Logger;
}

/** The session view and its commands. */
export function registerSessions({
  commands,
  contributions,
  account,
  store,
  feed,
  starter,
  branches,
  inView,
  globalStorage,
  state,
  formerNames,
  connectedSessions,
  extensionId,
  logger,
}: SessionsDeps): Disposable {
  const owned = new DisposableStore();
  const { connection } = account;
  const shown = showSessions({ connection, store, feed, branches, logger }, () =>
    connectWhenNamed(account, logger),
  );
  const { view, forest } = shown;
  owned.add(shown.owned);
  owned.add(
    commands.register("backendai.sessions.retryRows", (_, row) => {
      if (isBranchItem(row)) {
        branches.retry(row);
      }
    }),
  );
  const memory = new StartMemory(state);
  for (const command of [
    ...registerSessionCommands(commands, { account, store, feed, view }),
    ...registerViewCommands(commands, { feed, forest }),
    ...registerStartCommands(commands, { account, store, starter, memory }),
  ]) {
    owned.add(command);
  }
  owned.add(showSessionFileLens());
  owned.add(registerLogs({ commands, contributions, account, store, feed, view, globalStorage, logger }));
  owned.add(registerInfo({ commands, account, store, feed, view }));
  owned.add(
    registerLinks({ commands, contributions, account, store, feed, view, forest, extensionId, logger }),
  );
  owned.add(registerUsage({ connection: account.connection, store, view, inView, logger }));
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
