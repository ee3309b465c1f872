import path from "node:path";
import type { Account } from "../account/account.js";
import { targetLabel } from "../account/target.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { BackgroundRuns } from "./background/backgroundRuns.js";
import { RunHistory } from "./history/runHistory.js";
import { resetInterpreter } from "./query/resetInterpreter.js";
import { createSender } from "./upload/sender.js";
import { InputPrompts } from "./vscode/inputPrompt.js";
import { registerQuery } from "./vscode/query/queryCommands.js";
import { registerDebug } from "./vscode/debug/registerDebug.js";
import { FileRuns } from "./vscode/fileRuns.js";
import { historyObserver } from "./vscode/history/historyObserver.js";
import { registerRuns } from "./vscode/history/registerRuns.js";
import { pathMapOf, problemsObserver } from "./vscode/problems/problemsObserver.js";
import { registerRunFileLinks } from "./vscode/problems/runFileLinks.js";
import { RunProblems } from "./vscode/problems/runProblems.js";
import { registerRunCommands } from "./vscode/runCommands.js";
import { Runner } from "./vscode/runner.js";
import { registerNotebooks } from "./vscode/notebook/registerNotebooks.js";
import { RunSessions } from "./vscode/runSession.js";

/** What running files works with. */
export interface RunDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly tunnels: SessionTunnels;
  /** The folder that is this extension's own on this computer. */
  readonly globalStorage: string;
  readonly logger: Logger;
}

/** Commands that run files in sessions. */
export function registerRun(deps: RunDeps): Disposable {
  const { commands, account, store, feed, starter, tunnels, logger } = deps;
  const { connection } = account;
  const owned = new DisposableStore();
  const server = (): string =>
    connection.state.phase === "connected" ? targetLabel(connection.state.target) : "";
  const history = new RunHistory(path.join(deps.globalStorage, "runs"), logger);
  const sessions = new RunSessions({ account, store, feed, starter });
  const send = createSender({ tunnels, logger });
  const problems = owned.add(new RunProblems());
  const observers = [historyObserver(history, server), problemsObserver(problems)];
  const runner = new Runner({ account, tunnels, send, observers, logger });
  const prompts = owned.add(new InputPrompts(commands));
  const runs = owned.add(new FileRuns({ account, sessions, runner, prompts }));
  const isFollowed = (jobId: string): boolean => runs.isFollowed(jobId);
  const background = owned.add(
    new BackgroundRuns({ connection, tunnels, history, server, isFollowed, logger }),
  );
  owned.add(runs.onDidLeave(() => background.watch()));
  owned.add(runs.onDidClose((key) => problems.clear(key)));
  owned.add(
    registerRunFileLinks((terminal) => {
      const subject = runs.subjectOf(terminal);
      return subject && pathMapOf(subject);
    }, logger),
  );
  owned.add(registerRunCommands({ commands, runs }));
  owned.add(registerRuns({ commands, account, store, feed, runner, history, background, runs, logger }));
  owned.add(registerQuery({ commands, account, store, feed, starter, sessions, prompts }));
  owned.add(
    registerNotebooks({ commands, account, store, feed, starter, sessions, reset: resetInterpreter, logger }),
  );
  owned.add(registerDebug({ commands, account, store, feed, sessions, tunnels, send, logger }));
  return owned;
}
