import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { Folder } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import { formatBytes } from "../../../base/text.js";
import { wordsFor } from "../../../platform/describeError.js";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import {
  showErrorMessage,
  showInformationMessage,
  showWarningMessage,
} from "../../../platform/shown/notifications.js";
import { limits } from "../../../wire/limits.js";
import {
  directoryOf,
  entryRows,
  type FolderEntryRow,
  type FolderRow,
  isWritable,
  joinPath,
  rootRows,
} from "../../folders/folderRows.js";
import { folderUri, openBytes } from "./folderDocuments.js";
import { type FoldersView, titleOf } from "./foldersView.js";

/** What the commands of the view work with. */
export interface FolderCommandDeps {
  readonly account: Account;
  readonly view: FoldersView;
}

/** The rows of the view, asked for while nobody has to look at it. Connects first where there is no connection. */
export async function rowsBelow(
  account: Account,
  row: FolderRow | undefined,
  signal: AbortSignal,
): Promise<readonly FolderRow[]> {
  const { folders } = await connectWithProgress(account, signal);
  if (row === undefined) {
    return rootRows(await folders.list({ signal }));
  }
  const directory = directoryOf(row);
  return entryRows(row.folder, directory, await folders.files.list(row.folder, directory, { signal }));
}

/** Puts the paths that rows have in sessions on the clipboard. */
export async function copyPaths(rows: readonly FolderRow[]): Promise<void> {
  const paths = rows.map((row) => `/home/work/${titleOf(row.folder, pathOf(row))}`);
  await vscode.env.clipboard.writeText(paths.join("\n"));
}

/** @throws {ConfigurationError} when no row was clicked or selected. */
export function oneOf([row]: readonly FolderRow[]): FolderRow {
  if (row === undefined) {
    throw new ConfigurationError("folder", l10n.t("Select a folder in the Folders view first."));
  }
  return row;
}

/** @throws {ConfigurationError} when its files can't be changed. */
export function checkWritable(folder: Folder): void {
  if (!isWritable(folder)) {
    throw new ConfigurationError(
      "folder",
      l10n.t("You may only read the folder “{0}”. Ask its owner to let you write.", folder.name),
    );
  }
}

/** Asks for a name and makes a folder. */
export async function createFolder({ account, view }: FolderCommandDeps, signal: AbortSignal): Promise<void> {
  const client = await connectWithProgress(account, signal);
  const taken = new Set((await client.folders.list({ signal })).map(({ name }) => name));
  const name = await showInputBox({
    title: l10n.t("New Folder"),
    prompt: l10n.t("Its files outlive sessions. Sessions that mount it have it at /home/work."),
    placeHolder: l10n.t("Name of the folder"),
    validateInput: (value) => nameTrouble(value, taken),
  });
  if (name !== undefined) {
    await client.folders.create(name, { signal });
    view.refresh();
  }
}

/** Asks for a name and makes a directory where a row stands for. */
export async function newDirectory(
  { account, view }: FolderCommandDeps,
  row: FolderRow,
  signal: AbortSignal,
): Promise<void> {
  const { folder } = row;
  checkWritable(folder);
  const directory = directoryOf(row);
  const client = await account.client(signal);
  const entries = await client.folders.files.list(folder, directory, { signal });
  const taken = new Set(entries.map(({ name }) => name));
  const name = await showInputBox({
    title: l10n.t("New Directory in {0}", titleOf(folder, directory)),
    placeHolder: l10n.t("Name of the directory; “a/b” makes both"),
    validateInput: (value) => pathTrouble(value, taken),
  });
  if (name !== undefined) {
    await client.folders.files.mkdir(folder, joinPath(directory, name), { existOk: true, signal });
    view.refresh(row.kind === "entry" && row.entry.type !== "directory" ? undefined : row);
  }
}

/** Asks for another name of a folder, or of what is in one. */
export async function rename(
  { account, view }: FolderCommandDeps,
  row: FolderRow,
  signal: AbortSignal,
): Promise<void> {
  const client = await account.client(signal);
  if (row.kind === "folder") {
    if (!row.folder.isOwner) {
      throw new ConfigurationError(
        "folder",
        l10n.t("The folder “{0}” is not yours: only its owner can rename it.", row.folder.name),
      );
    }
    const taken = new Set((await client.folders.list({ signal })).map(({ name }) => name));
    const name = await askName(row.folder.name, (value) => nameTrouble(value, taken));
    if (name !== undefined) {
      await client.folders.rename(row.folder, name, { signal });
      view.refresh();
    }
    return;
  }
  await renameEntry({ account, view }, row, signal);
}

async function renameEntry(
  { account, view }: FolderCommandDeps,
  row: FolderEntryRow,
  signal: AbortSignal,
): Promise<void> {
  const { folder, path, entry } = row;
  checkWritable(folder);
  const client = await account.client(signal);
  const parent = path.split("/").slice(0, -1).join("/");
  const entries = await client.folders.files.list(folder, parent, { signal });
  // Servers replace what has the name: nobody means that who renames.
  const taken = new Set(entries.map(({ name }) => name));
  const name = await askName(entry.name, (value) => fileNameTrouble(value, taken));
  if (name !== undefined) {
    await client.folders.files.rename(folder, path, name, { signal });
    const above = view.getParent(row);
    view.refresh(above);
  }
}

async function askName(
  name: string,
  trouble: (value: string) => string | undefined,
): Promise<string | undefined> {
  const dot = name.lastIndexOf(".");
  const asked = await showInputBox({
    title: l10n.t("Rename {0}", name),
    value: name,
    valueSelection: [0, dot > 0 ? dot : name.length],
    validateInput: (value) => (value === name ? undefined : trouble(value)),
  });
  return asked === name ? undefined : asked;
}

/** Asks, and removes folders and what is in them. */
export async function remove(
  { account, view }: FolderCommandDeps,
  rows: readonly FolderRow[],
  signal: AbortSignal,
): Promise<void> {
  const client = await account.client(signal);
  const folders = rows.filter((row) => row.kind === "folder");
  const entries = rows.filter((row) => row.kind === "entry");
  for (const { folder } of entries) {
    checkWritable(folder);
  }
  const hasTrash = client.dialect.folders.deletion === "trash";
  if (rows.length === 0 || !(await confirmRemoval(folders, entries, hasTrash))) {
    return;
  }
  try {
    for (const { folder } of folders) {
      await client.folders.delete(folder, { signal });
    }
    for (const [folder, paths] of byFolder(entries)) {
      await client.folders.files.delete(folder, paths, { signal });
    }
  } finally {
    view.refresh();
  }
  const [first] = folders;
  if (hasTrash && first !== undefined) {
    offerRestore(
      { account, view },
      folders.map(({ folder }) => folder),
    );
  }
}

/** Not awaited: the command is over, whether or not anyone reads the message. */
function offerRestore({ account, view }: FolderCommandDeps, folders: readonly Folder[]): void {
  const words =
    folders.length === 1
      ? l10n.t("“{0}” is in the trash.", folders[0]?.name ?? "")
      : l10n.t("{0} folders are in the trash.", folders.length);
  const restore = l10n.t("Restore");
  void Promise.resolve(showInformationMessage(words, restore))
    .then(async (choice) => {
      if (choice === restore) {
        const client = await account.client();
        for (const folder of folders) {
          await client.folders.restore(folder);
        }
        view.refresh();
      }
    })
    .catch((error: unknown) => showErrorMessage(wordsFor(error)));
}

async function confirmRemoval(
  folders: readonly FolderRow[],
  entries: readonly FolderEntryRow[],
  hasTrash: boolean,
): Promise<boolean> {
  const [only] = [...folders, ...entries];
  const question =
    folders.length + entries.length === 1 && only !== undefined
      ? l10n.t("Delete “{0}”?", titleOf(only.folder, pathOf(only)))
      : removalQuestion(folders.length, entries.length);
  const folderWords = hasTrash
    ? l10n.t("It goes to the trash of the server, from where it can be restored.")
    : l10n.t("It is removed with all its files, for good: this server has no trash.");
  const detail =
    entries.length > 0
      ? l10n.t("Files in folders are removed for good: there is no trash for them.")
      : folderWords;
  const verb = l10n.t("Delete");
  return (await showWarningMessage(question, { modal: true, detail }, verb)) === verb;
}

/** Asks about several rows. */
function removalQuestion(folders: number, items: number): string {
  if (items === 0) {
    return l10n.t("Delete {0} folders?", folders);
  }
  if (folders === 0) {
    return l10n.t("Delete {0} items?", items);
  }
  if (folders === 1) {
    return items === 1
      ? l10n.t("Delete 1 folder and 1 item?")
      : l10n.t("Delete 1 folder and {0} items?", items);
  }
  return items === 1
    ? l10n.t("Delete {0} folders and 1 item?", folders)
    : l10n.t("Delete {0} folders and {1} items?", folders, items);
}

/** Opens a file to be read; one that is too large is offered to be downloaded. */
export async function open(row: FolderRow): Promise<void> {
  if (row.kind !== "entry" || row.entry.type === "directory") {
    return;
  }
  const { folder, path, entry } = row;
  if (entry.size > openBytes) {
    const words = l10n.t("{0} has {1}, too much for an editor.", entry.name, formatBytes(entry.size));
    const download = l10n.t("Download…");
    if ((await showInformationMessage(words, download)) === download) {
      await vscode.commands.executeCommand("backendai.folders.download", row);
    }
    return;
  }
  await vscode.commands.executeCommand("vscode.open", folderUri(folder, path));
}

function byFolder(rows: readonly FolderEntryRow[]): Map<Folder, string[]> {
  const paths = new Map<Folder, string[]>();
  for (const { folder, path } of rows) {
    const known = [...paths.keys()].find(({ id }) => id === folder.id) ?? folder;
    paths.set(known, [...(paths.get(known) ?? []), path]);
  }
  return paths;
}

function pathOf(row: FolderRow): string {
  return row.kind === "folder" ? "" : row.path;
}

function nameTrouble(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === "") {
    return l10n.t("A folder needs a name.");
  }
  if (!limits.folderName.test(name)) {
    return l10n.t("Use 1 to 64 characters without “/” and “\\”, and no space at either end.");
  }
  return takenTrouble(name, taken);
}

function pathTrouble(path: string, taken: ReadonlySet<string>): string | undefined {
  const troubles = path.split("/").map((name) => fileNameTrouble(name, new Set()));
  return troubles.find((trouble) => trouble !== undefined) ?? takenTrouble(path, taken);
}

function fileNameTrouble(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
    return l10n.t("This can't be a name.");
  }
  return Buffer.byteLength(name) > 255 ? l10n.t("The name is too long.") : takenTrouble(name, taken);
}

function takenTrouble(name: string, taken: ReadonlySet<string>): string | undefined {
  return taken.has(name) ? l10n.t("“{0}” is there already.", name) : undefined;
}
