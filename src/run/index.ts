import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import { FileRuns } from "./vscode/fileRuns.js";
import { registerRunFileLinks } from "./vscode/problems/runFileLinks.js";
import { RunProblems } from "./vscode/problems/runProblems.js";
import { documentFor } from "./vscode/runDocument.js";
import { RunSessions } from "./vscode/runSession.js";

/** What running files works with. */
export interface RunDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly logger: Logger;
}

/** Commands that run files in sessions. */
export function registerRun({ commands, account, store, feed, starter, logger }: RunDeps): Disposable {
  const owned = new DisposableStore();
  const sessions = new RunSessions({ account, store, feed, starter });
  const problems = owned.add(new RunProblems());
  const runs = owned.add(new FileRuns({ account, sessions, problems, logger }));
  owned.add(registerRunFileLinks((terminal) => runs.pathMapOf(terminal), logger));
  owned.add(
    commands.register("backendai.run.file", async (signal, uri) => runs.run(await documentFor(uri), signal)),
  );
  owned.add(commands.register("backendai.run.stop", () => runs.stop()));
  return owned;
}
