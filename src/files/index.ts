import type { Account } from "../account/account.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { SessionBranches } from "../sessions/sessionBranches.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { settings } from "../platform/settings.js";
import { registerFolders } from "./vscode/folders/registerFolders.js";
import { createRunConsent } from "./vscode/access/runConsent.js";
import { registerProvider } from "./vscode/provider/registerProvider.js";
import { FileChanges } from "./fileChanges.js";
import { FileSessions } from "./fileSessions.js";
import { registerTransfers } from "./vscode/transfer/registerTransfers.js";
import { registerFileTree } from "./vscode/tree/registerFileTree.js";
import { registerSearch } from "./vscode/search/registerSearch.js";
import { registerSync } from "./vscode/sync/registerSync.js";

/** What files of sessions work with. */
export interface FilesDeps {
  readonly commands: Commands;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly branches: SessionBranches;
  readonly tunnels: SessionTunnels;
  /** The folder that is this extension's own on this computer. */
  readonly globalStorage: string;
  readonly logger: Logger;
}

/** What every part of the room works with. */
export interface FilePartDeps extends FilesDeps {
  readonly files: FileSessions;
  /** Told by each part of what it has changed. */
  readonly changes: FileChanges;
}

/** The files of sessions: documents and folders of VS Code, rows under sessions, transfers, mirrors, search, virtual folders. */
export function registerFiles(deps: FilesDeps): Disposable {
  const owned = new DisposableStore();
  const ways = { connection: () => settings.filesConnection(), mayRunCommands: createRunConsent(deps.store) };
  const changes = owned.add(new FileChanges());
  const parts: FilePartDeps = { ...deps, files: new FileSessions({ ...deps, ways }), changes };
  const registerParts: readonly ((parts: FilePartDeps) => Disposable)[] = [
    registerFolders,
    registerProvider,
    registerFileTree,
    registerTransfers,
    registerSearch,
    registerSync,
  ];
  for (const register of registerParts) {
    owned.add(register(parts));
  }
  return owned;
}
