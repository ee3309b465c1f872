import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import type { SendFiles } from "./upload/outgoingFile.js";
import { registerDebug } from "./vscode/debug/registerDebug.js";
import { FileRuns } from "./vscode/fileRuns.js";
import { documentFor } from "./vscode/runDocument.js";
import { RunSessions } from "./vscode/runSession.js";

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
export function registerRun({
  commands,
  account,
  store,
  feed,
  starter,
  tunnels,
  logger,
}: RunDeps): Disposable {
  const owned = new DisposableStore();
  const sessions = new RunSessions({ account, store, feed, starter });
  const runs = owned.add(new FileRuns({ account, sessions, logger }));
  owned.add(
    commands.register("backendai.run.file", async (signal, uri) => runs.run(await documentFor(uri), signal)),
  );
  owned.add(commands.register("backendai.run.stop", () => runs.stop()));
  owned.add(registerDebug({ commands, account, store, feed, sessions, tunnels, send, logger }));
  return owned;
}

const send: SendFiles = async (client, sessionId, files, { signal }) => {
  const read = await Promise.all(files.map(async (file) => ({ ...file, content: await file.read() })));
  await client.files.upload(sessionId, read, { signal });
};
