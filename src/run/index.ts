import path from "node:path";
import type * as vscode from "vscode";
import type { Account } from "../account/account.js";
import { targetLabel } from "../account/target.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Tally } from "../base/tally.js";
import type { Commands } from "../platform/commands.js";
import type { Contributions } from "../platform/contributions/contributions.js";
import type { Interpreters } from "../sessions/interpreters.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { BackgroundRuns } from "./background/backgroundRuns.js";
import { RunHistory } from "./history/runHistory.js";
import { ProjectSender } from "./project/projectSender.js";
import { ResultStore } from "./results/resultStore.js";
import { registerDebug } from "./vscode/debug/registerDebug.js";
import { FileRuns } from "./vscode/fileRuns.js";
import { historyObserver } from "./vscode/history/historyObserver.js";
import { registerRuns } from "./vscode/history/registerRuns.js";
import { InputPrompts } from "./vscode/inputPrompt.js";
import { registerNotebooks } from "./vscode/notebook/registerNotebooks.js";
import { pathMapOf, problemsObserver } from "./vscode/problems/problemsObserver.js";
import { registerRunFileLinks } from "./vscode/problems/runFileLinks.js";
import { RunProblems } from "./vscode/problems/runProblems.js";
import { registerRunPreview } from "./vscode/project/runPreview.js";
import { registerQuery } from "./vscode/query/queryCommands.js";
import { registerResults } from "./vscode/results/registerResults.js";
import { resultsObserver, resultsOfQueries } from "./vscode/results/resultsObserver.js";
import { registerRunCommands } from "./vscode/runCommands.js";
import { registerTasks } from "./vscode/tasks/taskProvider.js";
import { Runner } from "./vscode/runner.js";
import { RunSessions } from "./vscode/runSession.js";

/** What running files works with. */
export interface RunDeps {
  readonly commands: Commands;
  readonly contributions: Contributions;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly tunnels: SessionTunnels;
  /** Told which session runs what. */
  readonly interpreters: Interpreters;
  /** The folder that is this extension's own on this computer. */
  readonly globalStorage: string;
  /** Where the files of the page of results are. */
  readonly resultsMedia: vscode.Uri;
  /** Told how runs come out. */
  readonly tally: Tally;
  readonly logger: Logger;
}

/** Everything that runs code in sessions: files, cells, notebooks, the debugger; and what is left of runs. */
export function registerRun(deps: RunDeps): Disposable {
  const { commands, account, tunnels, tally, logger } = deps;
  const { connection } = account;
  const owned = new DisposableStore();
  const server = (): string =>
    connection.state.phase === "connected" ? targetLabel(connection.state.target) : "";
  const sessions = new RunSessions(deps);
  const project = new ProjectSender({ tunnels, logger });
  const prompts = owned.add(new InputPrompts(commands));

  const history = new RunHistory(path.join(deps.globalStorage, "runs"), logger);
  const problems = owned.add(new RunProblems());
  const results = owned.add(new ResultStore());
  const observers = [historyObserver(history, server), problemsObserver(problems), resultsObserver(results)];
  const runner = new Runner({ account, tunnels, project, observers, tally, logger });
  const runs = owned.add(new FileRuns({ account, sessions, runner, prompts }));
  owned.add(registerRunCommands({ commands, runs }));
  owned.add(registerRunPreview({ commands, account, sessions, project }));

  const isFollowed = (jobId: string): boolean => runs.isFollowed(jobId);
  const background = owned.add(
    new BackgroundRuns({ connection, tunnels, history, server, isFollowed, logger }),
  );
  owned.add(runs.onDidLeave(() => background.watch()));
  owned.add(registerRuns({ ...deps, runner, history, background, runs }));

  owned.add(registerResults({ commands, store: results, mediaRoot: deps.resultsMedia, logger }));
  owned.add(runs.onDidClose((key) => problems.clear(key)));
  owned.add(
    registerRunFileLinks({
      account,
      lastRun: (terminal) => {
        const last = runs.lastIn(terminal);
        return last && { map: pathMapOf(last.subject), session: last.session };
      },
      logger,
    }),
  );

  owned.add(registerQuery({ ...deps, sessions, prompts, onEvent: resultsOfQueries(results) }));
  owned.add(
    registerNotebooks({
      ...deps,
      sessions,
      reset: async (...place) => (await import("./query/resetInterpreter.js")).resetInterpreter(...place),
    }),
  );
  owned.add(registerDebug({ ...deps, sessions, project }));
  owned.add(registerTasks({ ...deps, sessions, runner }));
  return owned;
}
