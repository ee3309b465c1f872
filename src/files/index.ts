import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import { settings } from "../platform/settings.js";
import type { FilePartDeps, FilesDeps } from "./vscode/filePart.js";
import { registerFolders } from "./vscode/folders/registerFolders.js";
import { createRunConsent } from "./vscode/access/runConsent.js";
import { registerProvider } from "./vscode/provider/registerProvider.js";
import { FileChanges } from "./fileChanges.js";
import { FileSessions } from "./fileSessions.js";
import { registerTransfers } from "./vscode/transfer/registerTransfers.js";
import { registerFileTree } from "./vscode/tree/registerFileTree.js";
import { registerSearch } from "./vscode/search/registerSearch.js";
import { registerSync } from "./vscode/sync/registerSync.js";

/** The files of sessions: documents and folders of VS Code, rows under sessions, transfers, mirrors, search, virtual folders. */
export function registerFiles(deps: FilesDeps): Disposable {
  const owned = new DisposableStore();
  const ways = { connection: () => settings.filesConnection(), mayRunCommands: createRunConsent(deps.store) };
  const changes = owned.add(new FileChanges());
  const parts: FilePartDeps = { ...deps, files: owned.add(new FileSessions({ ...deps, ways })), changes };
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
