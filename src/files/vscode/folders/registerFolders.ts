import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { CommandId } from "../../../platform/commandIds.js";
import { showError } from "../../../platform/messages.js";
import { type FolderRow, lookOf } from "../../folders/folderRows.js";
import type { FilePartDeps } from "../filePart.js";
import type * as FolderCommands from "./folderCommands.js";
import type * as TransferCommands from "./transferCommands.js";
import { provideFolderDocuments } from "./folderDocuments.js";
import { FoldersView, rowsOf } from "./foldersView.js";

/** Commands that ask for a row where they are called on none. */
const rowCommands: readonly CommandId[] = [
  "backendai.folders.newDirectory",
  "backendai.folders.rename",
  "backendai.folders.delete",
  "backendai.folders.open",
  "backendai.folders.copyPath",
  "backendai.folders.upload",
  "backendai.folders.uploadFolder",
  "backendai.folders.download",
];

/** What a command does with the rows that it was opened on, or that are selected. */
type OnRows = (rows: readonly FolderRow[], signal: AbortSignal) => unknown;

/** Virtual folders: their view, their files in editors, transfers, and sessions that have them. What commands do is read when one is run. */
export function registerFolders({
  commands,
  contributions,
  account,
  starter,
  logger,
}: FilePartDeps): Disposable {
  const owned = new DisposableStore();
  const ending = new AbortController();
  owned.defer(() => ending.abort());
  owned.add(provideFolderDocuments(account, contributions));
  const view: FoldersView = owned.add(
    new FoldersView({
      account,
      logger,
      onDrop: async (row, files) => {
        try {
          const { uploadTo } = await transferring();
          await uploadTo(deps, row, files, ending.signal);
        } catch (error) {
          void showError(error, "upload", logger); // shown for as long as it takes
        }
      },
    }),
  );
  const deps = { account, view, logger };
  const managing = async (): Promise<typeof FolderCommands> => import("./folderCommands.js");
  const transferring = async (): Promise<typeof TransferCommands> => import("./transferCommands.js");
  const onRows = (id: CommandId, act: OnRows): void => {
    owned.add(commands.register(id, (signal, clicked, all) => act(rowsOf(view, clicked, all), signal)));
  };
  /** For the row that was clicked, else the first that is selected. */
  const onRow = (id: CommandId, act: (row: FolderRow, signal: AbortSignal) => unknown): void => {
    owned.add(
      commands.register(id, async (signal, clicked) =>
        act((await managing()).oneOf(rowsOf(view, clicked, undefined)), signal),
      ),
    );
  };
  commands.offerRows(rowCommands, {
    selected: () => (view.view.visible ? view.view.selection : []),
    below: async (row, signal) => (await managing()).rowsBelow(account, row, signal),
    lookOf: (row) => {
      const { isUnfoldable: isFolded, ...look } = lookOf(row);
      return { ...look, isFolded };
    },
  });
  onRows("backendai.folders.refresh", () => view.refresh());
  onRows("backendai.folders.create", async (_, signal) => (await managing()).createFolder(deps, signal));
  onRow("backendai.folders.newDirectory", async (row, signal) =>
    (await managing()).newDirectory(deps, row, signal),
  );
  onRow("backendai.folders.rename", async (row, signal) => (await managing()).rename(deps, row, signal));
  onRows("backendai.folders.delete", async (rows, signal) => (await managing()).remove(deps, rows, signal));
  onRow("backendai.folders.open", async (row) => (await managing()).open(row));
  onRows("backendai.folders.copyPath", async (rows) => (await managing()).copyPaths(rows));
  onRow("backendai.folders.upload", async (row, signal) =>
    (await transferring()).chooseAndUpload(deps, row, "files", signal),
  );
  onRow("backendai.folders.uploadFolder", async (row, signal) =>
    (await transferring()).chooseAndUpload(deps, row, "folders", signal),
  );
  onRows("backendai.folders.download", async (rows, signal) =>
    (await transferring()).downloadRows(deps, rows, signal),
  );
  onRows("backendai.folders.startSession", async (rows, signal) => {
    const { startWithFolders } = await import("./startWithFolders.js");
    await startWithFolders({ account, starter }, rows, signal);
  });
  return owned;
}
