import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import { FileRuns } from "./vscode/fileRuns.js";
import { documentFor } from "./vscode/runDocument.js";
import type { ResetSession } from "./vscode/notebook/notebookCommands.js";
import { registerNotebooks } from "./vscode/notebook/registerNotebooks.js";
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

const reset: ResetSession = (client, sessionId, signal) => client.sessions.restart(sessionId, { signal });

/** Commands that run files in sessions. */
export function registerRun({ commands, account, store, feed, starter, logger }: RunDeps): Disposable {
  const owned = new DisposableStore();
  const sessions = new RunSessions({ account, store, feed, starter });
  const runs = owned.add(new FileRuns({ account, sessions, logger }));
  owned.add(
    commands.register("backendai.run.file", async (signal, uri) => runs.run(await documentFor(uri), signal)),
  );
  owned.add(commands.register("backendai.run.stop", () => runs.stop()));
  owned.add(registerNotebooks({ commands, account, store, feed, starter, sessions, reset, logger }));
  return owned;
}
