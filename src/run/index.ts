import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { createSender } from "./upload/sender.js";
import { FileRuns } from "./vscode/fileRuns.js";
import { registerRunCommands } from "./vscode/runCommands.js";
import { Runner } from "./vscode/runner.js";
import { RunSessions } from "./vscode/runSession.js";
import { registerTasks } from "./vscode/tasks/taskProvider.js";

/** What running files works with. */
export interface RunDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
}

/** Commands that run files in sessions. */
export function registerRun(deps: RunDeps): Disposable {
  const { commands, account, store, feed, starter, tunnels, logger } = deps;
  const owned = new DisposableStore();
  const sessions = new RunSessions({ account, store, feed, starter });
  const send = createSender({ tunnels, logger });
  const runner = new Runner({ account, tunnels, send, observers: [], logger });
  const runs = owned.add(new FileRuns({ account, sessions, runner }));
  owned.add(registerRunCommands({ commands, runs }));
  owned.add(registerTasks({ account, store, feed, sessions, runner }));
  return owned;
}
