import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import * as vscode from "vscode";
import { showWarningMessage } from "../../../platform/shown/notifications.js";
import type { BranchDrop } from "../../../sessions/sessionBranches.js";
import type { FilePartDeps } from "../filePart.js";
import { FileActions, forEachPath, topmost } from "../../tree/fileActions.js";
import { type FileItem, isFileItem, isRootRow } from "../../tree/fileRow.js";
import type { FileTree } from "../../tree/fileTree.js";

/** What drops work with. */
export interface DropDeps extends FilePartDeps {
  readonly tree: FileTree;
}

/** The folder that is meant by a row: a folder itself, else the one that a file is in. */
export function folderOf({ row }: FileItem): string {
  return row.fileType === "directory" ? row.path : posix.dirname(row.path);
}

/** Rows of the same session are moved; everything else is uploaded. */
export async function dropOnFiles(deps: DropDeps, target: FileItem, dropped: BranchDrop): Promise<void> {
  const folder = folderOf(target);
  const rows = dropped.rows.filter(isFileItem);
  if (rows.length > 0 && rows.every(({ sessionId }) => sessionId === target.sessionId)) {
    await moveRows(deps, { sessionId: target.sessionId, folder }, rows);
    return;
  }
  await vscode.commands.executeCommand("backendai.files.upload", target, undefined, {
    uris: dropped.uris.map((uri) => vscode.Uri.parse(uri, true)),
    files: dropped.files,
  });
}

async function moveRows(
  { tree, changes }: DropDeps,
  { sessionId, folder }: { readonly sessionId: string; readonly folder: string },
  rows: readonly FileItem[],
): Promise<void> {
  const paths = topmost(rows.filter((row) => !isRootRow(row)).map(({ row }) => row.path)).filter(
    (path) => posix.dirname(path) !== folder,
  );
  const [first] = paths;
  if (first === undefined) {
    return;
  }
  const target = posix.basename(folder);
  const question =
    paths.length === 1
      ? l10n.t("Move {0} to {1}?", posix.basename(first), target)
      : l10n.t("Move {0} files and folders to {1}?", paths.length, target);
  const detail = l10n.t("They are moved inside the session, to {0}.", folder);
  const move = l10n.t("Move");
  if ((await showWarningMessage(question, { modal: true, detail }, move)) !== move) {
    return;
  }
  const { signal } = new AbortController(); // each operation has its own deadline
  const actions = new FileActions(await tree.accessOf(sessionId), { signal });
  try {
    await forEachPath(paths, (path) => actions.moveInto(path, folder), { signal });
  } finally {
    for (const changed of new Set([folder, ...paths.map((path) => posix.dirname(path))])) {
      changes.tell(sessionId, changed);
    }
  }
}
