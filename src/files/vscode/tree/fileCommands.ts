import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { Disposable } from "../../../base/lifecycle.js";
import { type CommandId, contextKeys } from "../../../platform/commandIds.js";
import { withProgress } from "../../../platform/progress.js";
import { showInputBox } from "../../../platform/shown/inputBox.js";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import { isBranchItem, type SessionBranchItem } from "../../../sessions/sessionBranches.js";
import { FileAccessError } from "../../access/fileAccessError.js";
import { nameProblem } from "../../fileNames.js";
import { uriPartsOf } from "../../filePlace.js";
import { FileActions, forEachPath, topmost } from "../../tree/fileActions.js";
import { type FileItem, isFileItem, isRootRow } from "../../tree/fileRow.js";
import { type DropDeps, folderOf } from "./dropOnFiles.js";

/** Files that were copied, to be pasted elsewhere. */
interface Copied {
  readonly sessionId: string;
  readonly paths: readonly string[];
}

/** Commands that ask for a file or folder where they are called on none. */
const rowCommands: readonly CommandId[] = [
  "backendai.files.newFile",
  "backendai.files.newFolder",
  "backendai.files.rename",
  "backendai.files.delete",
  "backendai.files.duplicate",
  "backendai.files.copy",
  "backendai.files.paste",
  "backendai.files.copyPath",
  "backendai.files.openTerminal",
  "backendai.files.refresh",
  "backendai.files.download",
];

/** Commands on rows of files. */
export function registerFileCommands(deps: DropDeps): Disposable[] {
  const { commands, tree } = deps;
  let copied: Copied | undefined;
  commands.offerRows<SessionBranchItem>(rowCommands, {
    below: async (item, signal) => rowsBelow(deps, item, signal),
    lookOf: ({ row, sessionId, parent }) => ({
      ...{ icon: row.icon, contextValue: row.contextValue, isFolded: row.isFolded === true },
      // A session's own row stands for all of its files.
      label: parent === undefined ? (deps.store.find(sessionId)?.name ?? row.label) : row.label,
      description: row.description,
    }),
  });
  const onRow = (
    id: Parameters<typeof commands.register>[0],
    action: (row: FileItem, signal: AbortSignal) => unknown,
  ): Disposable =>
    commands.register(id, (signal, clicked) => (isFileItem(clicked) ? action(clicked, signal) : undefined));
  return [
    onRow("backendai.files.newFile", (row, signal) => newFile(deps, row, signal)),
    onRow("backendai.files.newFolder", (row, signal) => newFolder(deps, row, signal)),
    onRow("backendai.files.rename", (row, signal) => rename(deps, row, signal)),
    onRow("backendai.files.refresh", (row) => tree.refresh(row.sessionId, folderOf(row), { below: true })),
    onRow("backendai.files.openTerminal", (row) => openTerminal(row)),
    commands.register("backendai.files.showMore", (_, clicked) => {
      if (isBranchItem(clicked) && isFileItem(clicked.parent)) {
        tree.showMore(clicked.parent);
      }
    }),
    commands.register("backendai.files.delete", (signal, clicked, all) =>
      remove(deps, chosen(clicked, all), signal),
    ),
    commands.register("backendai.files.duplicate", (signal, clicked, all) =>
      duplicate(deps, chosen(clicked, all), signal),
    ),
    commands.register("backendai.files.copyPath", async (_, clicked, all) => {
      const rows = isFileItem(clicked) && isRootRow(clicked) ? [clicked] : chosen(clicked, all);
      await vscode.env.clipboard.writeText(rows.map(({ row }) => row.path).join("\n"));
    }),
    commands.register("backendai.files.copy", async (_, clicked, all) => {
      const [first, ...others] = chosen(clicked, all);
      copied = first && { sessionId: first.sessionId, paths: pathsOf([first, ...others]) };
      await vscode.commands.executeCommand("setContext", contextKeys.hasCopiedFiles, copied !== undefined);
    }),
    onRow("backendai.files.paste", async (row, signal) => {
      if (copied !== undefined) {
        await paste(deps, copied, row, signal);
      }
    }),
  ];
}

/** The files of running sessions as the view has them, which nobody has to look at. Connects first where there is no connection. */
async function rowsBelow(
  { account, feed, store, tree }: DropDeps,
  parent: SessionBranchItem | undefined,
  signal: AbortSignal,
): Promise<readonly SessionBranchItem[]> {
  if (parent !== undefined) {
    const rows = await tree.children(parent);
    return rows.map((row) => ({ sessionId: parent.sessionId, row, parent }));
  }
  await connectWithProgress(account, signal);
  await feed.refresh(signal);
  return store.snapshot.sessions.flatMap((session) =>
    tree.rows(session).map((row) => ({ sessionId: session.id, row })),
  );
}

/** The rows that a menu was opened on, of one session, without the one that all are under. */
export function chosen(clicked: unknown, all: unknown): readonly FileItem[] {
  const rows: readonly unknown[] = Array.isArray(all) && all.includes(clicked) ? all : [clicked];
  const files = rows.filter(isFileItem).filter((row) => !isRootRow(row));
  return files.filter(({ sessionId }) => sessionId === files[0]?.sessionId);
}

/** The paths of rows, each once, without those that are inside another one. */
export function pathsOf(rows: readonly FileItem[]): readonly string[] {
  return topmost(rows.map(({ row }) => row.path));
}

async function actionsFor({ tree }: DropDeps, row: FileItem, signal: AbortSignal): Promise<FileActions> {
  return new FileActions(await tree.accessOf(row.sessionId), { signal });
}

async function newFile(deps: DropDeps, row: FileItem, signal: AbortSignal): Promise<void> {
  const folder = folderOf(row);
  const name = await askName(l10n.t("New file in {0}", folder));
  if (name === undefined) {
    return;
  }
  const path = await (await actionsFor(deps, row, signal)).newFile(folder, name);
  deps.changes.tell(row.sessionId, folder);
  const session = deps.store.find(row.sessionId);
  const place = session && deps.files.placeIn(session, path);
  if (place !== undefined) {
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.from(uriPartsOf(place)));
  }
}

async function newFolder(deps: DropDeps, row: FileItem, signal: AbortSignal): Promise<void> {
  const folder = folderOf(row);
  const name = await askName(l10n.t("New folder in {0}", folder));
  if (name !== undefined) {
    await (await actionsFor(deps, row, signal)).newFolder(folder, name);
    deps.changes.tell(row.sessionId, folder);
  }
}

async function rename(deps: DropDeps, row: FileItem, signal: AbortSignal): Promise<void> {
  const { path } = row.row;
  const access = await deps.tree.accessOf(row.sessionId);
  if (!(await access.can("rename", signal))) {
    throw new FileAccessError("unsupported", path, l10n.t("This server can't rename files of sessions."));
  }
  const name = await askName(l10n.t("New name of {0}", path), posix.basename(path));
  if (name !== undefined) {
    await new FileActions(access, { signal }).rename(path, name);
    deps.changes.tell(row.sessionId, posix.dirname(path));
  }
}

/** @param old Shown, with the part before its ending selected, as in the Explorer. */
async function askName(prompt: string, old?: string): Promise<string | undefined> {
  const dot = old?.lastIndexOf(".") ?? -1;
  return showInputBox({
    prompt,
    ...(old !== undefined && { value: old, valueSelection: [0, dot > 0 ? dot : old.length] }),
    validateInput: (text) => (text === "" ? undefined : nameProblem(text)),
  }).then((name) => (name === "" || name === old ? undefined : name));
}

async function remove(deps: DropDeps, rows: readonly FileItem[], signal: AbortSignal): Promise<void> {
  const [first] = rows;
  const paths = pathsOf(rows);
  if (first === undefined) {
    return;
  }
  const actions = await actionsFor(deps, first, signal);
  const folders = rows.filter(({ row }) => row.fileType === "directory" && paths.includes(row.path));
  const question =
    paths.length === 1
      ? l10n.t("Delete {0}?", posix.basename(paths[0] ?? ""))
      : l10n.t("Delete {0} files and folders?", paths.length);
  const detail = await detailOf(actions, paths, folders);
  const verb = l10n.t("Delete");
  if ((await showWarningMessage(question, { modal: true, detail }, verb)) !== verb) {
    return;
  }
  try {
    const work = async (deleting: AbortSignal): Promise<void> => {
      const cancellable = new FileActions(await deps.tree.accessOf(first.sessionId), { signal: deleting });
      await forEachPath(paths, (path) => cancellable.remove(path), { signal: deleting });
    };
    await (folders.length > 0 ? withProgress(l10n.t("Deleting"), work, signal) : work(signal));
  } finally {
    tellOf(deps, first.sessionId, paths);
  }
}

/** What a deletion takes away; a link is not what it leads to. */
async function detailOf(
  actions: FileActions,
  paths: readonly string[],
  folders: readonly FileItem[],
): Promise<string> {
  const shown =
    paths.length > 1
      ? `${paths.slice(0, 8).join("\n")}${paths.length > 8 ? "\n…" : ""}\n\n`
      : `${paths[0] ?? ""}\n\n`;
  const [folder] = folders;
  const end =
    paths.length === 1 ? l10n.t("It can't be brought back.") : l10n.t("They can't be brought back.");
  if (folder === undefined) {
    return shown + end;
  }
  if (folder.row.description !== "") {
    return shown + l10n.t("Only the link is deleted, not the folder it leads to.");
  }
  const count = folders.length === 1 ? await actions.countOf(folder.row.path) : undefined;
  return `${shown}${insideWords(count)} ${end}`;
}

function insideWords(count: number | undefined): string {
  switch (count) {
    case undefined:
      return l10n.t("Folders are deleted with all that is in them.");
    case 0:
      return l10n.t("The folder is empty.");
    case 1:
      return l10n.t("The folder has 1 entry, which are deleted with all that is below them.");
    default:
      return l10n.t("The folder has {0} entries, which are deleted with all that is below them.", count);
  }
}

async function duplicate(deps: DropDeps, rows: readonly FileItem[], signal: AbortSignal): Promise<void> {
  const [first] = rows;
  if (first !== undefined) {
    await copyAll(deps, { sessionId: first.sessionId, paths: pathsOf(rows) }, undefined, signal);
  }
}

async function paste(deps: DropDeps, copied: Copied, row: FileItem, signal: AbortSignal): Promise<void> {
  const folder = folderOf(row);
  if (copied.sessionId === row.sessionId) {
    await copyAll(deps, copied, folder, signal);
    return;
  }
  const session = deps.store.find(copied.sessionId);
  const places = copied.paths.flatMap((path) => (session && deps.files.placeIn(session, path)) ?? []);
  const uris = places.map((place) => vscode.Uri.from(uriPartsOf(place)));
  await vscode.commands.executeCommand("backendai.files.upload", row, undefined, { uris, files: [] });
}

/** @param folder Where to; absent: beside each. */
async function copyAll(
  deps: DropDeps,
  { sessionId, paths }: Copied,
  folder: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const access = await deps.tree.accessOf(sessionId);
  const made: string[] = [];
  try {
    await withProgress(
      l10n.t("Copying inside the session"),
      async (copying) => {
        const actions = new FileActions(access, { signal: copying });
        await forEachPath(
          paths,
          async (path) => made.push(await actions.copyInto(path, folder ?? posix.dirname(path))),
          {
            signal: copying,
          },
        );
      },
      signal,
    );
  } finally {
    tellOf(deps, sessionId, folder === undefined ? paths : [posix.join(folder, "x"), ...made]);
  }
}

function tellOf({ changes }: DropDeps, sessionId: string, paths: readonly string[]): void {
  for (const folder of new Set(paths.map((path) => posix.dirname(path)))) {
    changes.tell(sessionId, folder);
  }
}

async function openTerminal(row: FileItem): Promise<void> {
  await vscode.commands.executeCommand("backendai.terminal.openHere", row, folderOf(row));
}
