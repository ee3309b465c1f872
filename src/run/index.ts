import type * as vscode from "vscode";
import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import { ResultStore } from "./results/resultStore.js";
import { FileRuns } from "./vscode/fileRuns.js";
import { registerResults } from "./vscode/results/registerResults.js";
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
  /** Where the files of the page of results are. */
  readonly resultsMedia: vscode.Uri;
}

/** Commands that run files in sessions. */
export function registerRun({
  commands,
  account,
  store,
  feed,
  starter,
  logger,
  resultsMedia,
}: RunDeps): Disposable {
  const owned = new DisposableStore();
  const sessions = new RunSessions({ account, store, feed, starter });
  const results = owned.add(new ResultStore());
  owned.add(registerResults({ commands, store: results, mediaRoot: resultsMedia, logger }));
  const runs = owned.add(new FileRuns({ account, sessions, results, logger }));
  owned.add(
    commands.register("backendai.run.file", async (signal, uri) => runs.run(await documentFor(uri), signal)),
  );
  owned.add(commands.register("backendai.run.stop", () => runs.stop()));
  return owned;
}
