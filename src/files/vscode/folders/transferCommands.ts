import path from "node:path";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import type { BackendAIClient } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import type { Logger } from "../../../base/logger.js";
import { formatBytes, plural } from "../../../base/text.js";
import { wordsFor } from "../../../platform/describeError.js";
import { withProgress } from "../../../platform/progress.js";
import { directoryOf, type FolderRow } from "../../folders/folderRows.js";
import type { TransferOutcome, TransferProgress } from "../../folders/folderTransfer.js";
import type { LocalTree } from "../../folders/localTree.js";
import { checkWritable, oneOf } from "./folderCommands.js";
import { type FoldersView, titleOf } from "./foldersView.js";

/** What transfers work with. */
export interface TransferCommandDeps {
  readonly account: Account;
  readonly view: FoldersView;
  readonly logger: Logger;
}

/** Asks for files, or for folders, of this computer and uploads them to where a row stands for. */
export async function chooseAndUpload(
  deps: TransferCommandDeps,
  row: FolderRow,
  what: "files" | "folders",
  signal: AbortSignal,
): Promise<void> {
  checkWritable(row.folder);
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: what === "files",
    canSelectFolders: what === "folders",
    canSelectMany: true,
    openLabel: "Upload",
    title: `Upload to ${titleOf(row.folder, directoryOf(row))}`,
  });
  if (chosen !== undefined) {
    await uploadTo(deps, row, chosen, signal);
  }
}

/** Uploads files of this computer, and folders with what is in them, to where a row stands for. */
export async function uploadTo(
  { account, view, logger }: TransferCommandDeps,
  row: FolderRow,
  uris: readonly vscode.Uri[],
  signal: AbortSignal,
): Promise<void> {
  const { folder } = row;
  checkWritable(folder);
  const far = uris.find((uri) => uri.scheme !== "file");
  if (far !== undefined) {
    throw new ConfigurationError(
      "files",
      `${far.toString(true)} is not on this computer's disk. Save a copy there first.`,
    );
  }
  const directory = directoryOf(row);
  const client = await account.client(signal);
  const { localTree } = await import("../../folders/localTree.js");
  const tree = await localTree(
    uris.map((uri) => uri.fsPath),
    signal,
  );
  const wanted = await withoutConflicts(client, { folder, directory }, tree, signal);
  if (wanted === undefined) {
    return;
  }
  const { uploadInto } = await import("../../folders/folderTransfer.js");
  const outcome = await withProgress(
    `Uploading to ${titleOf(folder, directory)}`,
    async (inner, report) =>
      uploadInto(client, { folder, directory }, wanted, { signal: inner, onProgress: reporter(report) }),
    signal,
  ).finally(() =>
    view.refresh(row.kind === "entry" && row.entry.type !== "directory" ? view.getParent(row) : row),
  );
  if (tree.leftOut.length > 0) {
    logger.warn(`left out, as they are links or devices: ${tree.leftOut.slice(0, 20).join(", ")}`);
  }
  tellOutcome("uploaded", outcome);
}

/** What is to be uploaded once a person has said what becomes of files that are there; `undefined`: nothing. */
async function withoutConflicts(
  client: BackendAIClient,
  { folder, directory }: { folder: FolderRow["folder"]; directory: string },
  tree: LocalTree,
  signal: AbortSignal,
): Promise<LocalTree | undefined> {
  const entries = await client.folders.files.list(folder, directory, { signal });
  const there = new Set(entries.map(({ name }) => name));
  const topOf = (name: string): string => name.split("/")[0] ?? name;
  const taken = [...new Set(tree.files.map((file) => topOf(file.path)))].filter((name) => there.has(name));
  if (taken.length === 0) {
    return tree;
  }
  const what =
    taken.length === 1 ? `“${taken[0] ?? ""}” is` : `${plural(taken.length, "item")} of these names are`;
  const question = `${what} in ${titleOf(folder, directory)} already.`;
  const detail = `${taken.slice(0, 8).join(", ")}${taken.length > 8 ? "…" : ""}\nFiles of the same name are replaced; others stay.`;
  const choice = await vscode.window.showWarningMessage(question, { modal: true, detail }, "Replace", "Skip");
  if (choice === "Skip") {
    return { ...tree, files: tree.files.filter((file) => !taken.includes(topOf(file.path))) };
  }
  return choice === "Replace" ? tree : undefined;
}

/** Asks where to, and downloads files, and directories and folders with what is in them. */
export async function downloadRows(
  { account }: TransferCommandDeps,
  rows: readonly FolderRow[],
  signal: AbortSignal,
): Promise<void> {
  const first = oneOf(rows);
  const client = await account.client(signal);
  if (rows.length === 1 && first.kind === "entry" && first.entry.type !== "directory") {
    await downloadOne(client, first, signal);
    return;
  }
  const [target] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: "Download Here",
      title: `Folder for ${rows.length === 1 ? titleOf(first.folder, pathOf(first)) : plural(rows.length, "item")}`,
    })) ?? [];
  if (target === undefined) {
    return;
  }
  const { downloadInto, remoteFiles } = await import("../../folders/folderTransfer.js");
  const outcome = await withProgress(
    `Downloading to ${path.basename(target.fsPath)}`,
    async (inner, report) => {
      const total: { done: number; failed: TransferOutcome["failed"][number][] } = { done: 0, failed: [] };
      for (const row of rows) {
        report("looking for files");
        const name = row.kind === "folder" ? row.folder.name : row.entry.name;
        const files =
          row.kind === "entry" && row.entry.type !== "directory"
            ? [{ path: row.path, name, size: row.entry.size }]
            : await remoteFiles(client, row.folder, { path: pathOf(row), name }, inner);
        const part = await downloadInto(client, row.folder, files, {
          localFolder: target.fsPath,
          signal: inner,
          onProgress: reporter(report),
        });
        total.done += part.done;
        total.failed.push(...part.failed);
      }
      return total;
    },
    signal,
  );
  tellOutcome("downloaded", outcome, target);
}

async function downloadOne(
  client: BackendAIClient,
  row: Extract<FolderRow, { kind: "entry" }>,
  signal: AbortSignal,
): Promise<void> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(workspace?.scheme === "file" && { defaultUri: vscode.Uri.joinPath(workspace, row.entry.name) }),
    saveLabel: "Download",
    title: `Download ${row.entry.name}`,
  });
  if (target === undefined) {
    return;
  }
  const { downloadFile } = await import("../../folders/folderTransfer.js");
  await withProgress(
    `Downloading ${row.entry.name}`,
    async (inner, report) =>
      downloadFile(client, row, target.fsPath, {
        signal: inner,
        onProgress: ({ transferredBytes, totalBytes }) =>
          report(
            `${formatBytes(transferredBytes)}${totalBytes === undefined ? "" : ` of ${formatBytes(totalBytes)}`}`,
          ),
        onInterruption: () => report("the connection was lost; trying again"),
      }),
    signal,
  );
  tellOutcome("downloaded", { done: 1, failed: [] }, target);
}

/** Tells how far a transfer is, a few times in a second. */
function reporter(report: (message: string) => void): (progress: TransferProgress) => void {
  let told = 0;
  return ({ files, totalFiles, bytes, totalBytes, file, isInterrupted }) => {
    const now = performance.now();
    if (isInterrupted) {
      report(`the connection was lost; trying again: ${file}`);
    } else if (now - told > 150 || files === totalFiles) {
      told = now;
      const count = totalFiles > 1 ? `${String(files)} of ${plural(totalFiles, "file")} · ` : "";
      report(`${count}${formatBytes(bytes)} of ${formatBytes(totalBytes)}`);
    }
  };
}

/** Failures are told with their reasons; who downloaded is offered to see it. */
function tellOutcome(verb: string, { done, failed }: TransferOutcome, target?: vscode.Uri): void {
  if (failed.length > 0) {
    const reasons = failed.slice(0, 3).map((failure) => `${failure.path}: ${wordsFor(failure.error)}`);
    const more = failed.length > 3 ? ` And ${String(failed.length - 3)} more.` : "";
    throw new ConfigurationError(
      "files",
      `${plural(done, "file")} ${verb}, ${String(failed.length)} not. ${reasons.join(" ")}${more}`,
    );
  }
  const words = `${plural(done, "file")} ${verb}.`;
  if (target === undefined) {
    vscode.window.setStatusBarMessage(words, 5000);
    return;
  }
  // Not awaited: the command is over, whether or not anyone reads the message.
  void Promise.resolve(vscode.window.showInformationMessage(words, "Show")).then(async (choice) => {
    if (choice === "Show") {
      await vscode.commands.executeCommand("revealFileInOS", target);
    }
  });
}

function pathOf(row: FolderRow): string {
  return row.kind === "folder" ? "" : row.path;
}
