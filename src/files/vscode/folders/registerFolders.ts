import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { showError } from "../../../platform/messages.js";
import type { FilePartDeps } from "../../index.js";
import { provideFolderDocuments } from "./folderDocuments.js";
import { registerFolderCommands } from "./folderCommands.js";
import { FoldersView, rowsOf } from "./foldersView.js";
import { startWithFolders } from "./startWithFolders.js";
import { registerTransferCommands, uploadTo } from "./transferCommands.js";

/** Virtual folders: their view, their files in editors, transfers, and sessions that have them. */
export function registerFolders({ commands, account, starter, logger }: FilePartDeps): Disposable {
  const owned = new DisposableStore();
  const ending = new AbortController();
  owned.defer(() => ending.abort());
  owned.add(provideFolderDocuments(account));
  const view: FoldersView = owned.add(
    new FoldersView({
      account,
      logger,
      onDrop: async (row, files) => {
        await uploadTo({ account, view, logger }, row, files, ending.signal).catch((error: unknown) => {
          void showError(error, "upload", logger); // shown for as long as it takes
        });
      },
    }),
  );
  for (const command of [
    ...registerFolderCommands(commands, { account, view }),
    ...registerTransferCommands(commands, { account, view, logger }),
    commands.register("backendai.folders.startSession", (signal, clicked, all) =>
      startWithFolders({ account, starter }, rowsOf(view, clicked, all), signal),
    ),
  ]) {
    owned.add(command);
  }
  return owned;
}
