import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import type { BackendAIClient } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import type { Logger } from "../../../base/logger.js";
import { formatBytes } from "../../../base/text.js";
import { wordsFor } from "../../../platform/describeError.js";
import { withProgress } from "../../../platform/progress.js";
import { showOpenDialog, showSaveDialog } from "../../../platform/shown/dialogs.js";
import { showInformationMessage, showWarningMessage } from "../../../platform/shown/notifications.js";
import { setStatusBarMessage } from "../../../platform/shown/statusBar.js";
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
  const chosen = await showOpenDialog({
    canSelectFiles: what === "files",
    canSelectFolders: what === "folders",
    canSelectMany: true,
    openLabel: l10n.t("Upload"),
    title: l10n.t("Upload to {0}", titleOf(row.folder, directoryOf(row))),
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
      l10n.t("{0} is not on this computer's disk. Save a copy there first.", far.toString(true)),
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
    l10n.t("Uploading to {0}", titleOf(folder, directory)),
    async (inner, report) =>
      uploadInto(client, { folder, directory }, wanted, { signal: inner, onProgress: reporter(report) }),
    signal,
  ).finally(() =>
    view.refresh(row.kind === "entry" && row.entry.type !== "directory" ? view.getParent(row) : row),
  );
  if (tree.leftOut.length > 0) {
    logger.warn(`left out, as they are links or devices: ${tree.leftOut.slice(0, 20).join(", ")}`);
  }
  tellOutcome("upload", outcome);
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
  const place = titleOf(folder, directory);
  const question =
    taken.length === 1
      ? l10n.t("“{0}” is in {1} already.", taken[0] ?? "", place)
      : l10n.t("{0} items of these names are in {1} already.", taken.length, place);
  const names = `${taken.slice(0, 8).join(", ")}${taken.length > 8 ? "…" : ""}`;
  const detail = `${names}\n${l10n.t("Files of the same name are replaced; others stay.")}`;
  const [replace, skip] = [l10n.t("Replace"), l10n.t("Skip")] as const;
  const choice = await showWarningMessage(question, { modal: true, detail }, replace, skip);
  if (choice === skip) {
    return { ...tree, files: tree.files.filter((file) => !taken.includes(topOf(file.path))) };
  }
  return choice === replace ? tree : undefined;
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
    (await showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: l10n.t("Download Here"),
      title:
        rows.length === 1
          ? l10n.t("Folder for {0}", titleOf(first.folder, pathOf(first)))
          : l10n.t("Folder for {0} items", rows.length),
    })) ?? [];
  if (target === undefined) {
    return;
  }
  const { downloadInto, remoteFiles } = await import("../../folders/folderTransfer.js");
  const outcome = await withProgress(
    l10n.t("Downloading to {0}", path.basename(target.fsPath)),
    async (inner, report) => {
      const total: { done: number; failed: TransferOutcome["failed"][number][] } = { done: 0, failed: [] };
      for (const row of rows) {
        report(l10n.t("looking for files"));
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
  tellOutcome("download", outcome, target);
}

async function downloadOne(
  client: BackendAIClient,
  row: Extract<FolderRow, { kind: "entry" }>,
  signal: AbortSignal,
): Promise<void> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await showSaveDialog({
    ...(workspace?.scheme === "file" && { defaultUri: vscode.Uri.joinPath(workspace, row.entry.name) }),
    saveLabel: l10n.t("Download"),
    title: l10n.t("Download {0}", row.entry.name),
  });
  if (target === undefined) {
    return;
  }
  const { downloadFile } = await import("../../folders/folderTransfer.js");
  await withProgress(
    l10n.t("Downloading {0}", row.entry.name),
    async (inner, report) =>
      downloadFile(client, row, target.fsPath, {
        signal: inner,
        onProgress: ({ transferredBytes, totalBytes }) =>
          report(
            totalBytes === undefined
              ? formatBytes(transferredBytes)
              : l10n.t("{0} of {1}", formatBytes(transferredBytes), formatBytes(totalBytes)),
          ),
        onInterruption: () => report(l10n.t("the connection was lost; trying again")),
      }),
    signal,
  );
  tellOutcome("download", { done: 1, failed: [] }, target);
}

/** Tells how far a transfer is, a few times in a second. */
function reporter(report: (message: string) => void): (progress: TransferProgress) => void {
  let told = 0;
  return ({ files, totalFiles, bytes, totalBytes, file, isInterrupted }) => {
    const now = performance.now();
    if (isInterrupted) {
      report(l10n.t("the connection was lost; trying again: {0}", file));
    } else if (now - told > 150 || files === totalFiles) {
      told = now;
      const count = totalFiles > 1 ? `${l10n.t("{0} of {1} files", files, totalFiles)} · ` : "";
      report(`${count}${l10n.t("{0} of {1}", formatBytes(bytes), formatBytes(totalBytes))}`);
    }
  };
}

type Way = "upload" | "download";

const doneWords: Readonly<Record<Way, (files: number) => string>> = {
  upload: (files) => (files === 1 ? l10n.t("1 file uploaded.") : l10n.t("{0} files uploaded.", files)),
  download: (files) => (files === 1 ? l10n.t("1 file downloaded.") : l10n.t("{0} files downloaded.", files)),
};

const partWords: Readonly<Record<Way, (files: number, failed: number) => string>> = {
  upload: (files, failed) =>
    files === 1
      ? l10n.t("1 file uploaded, {0} not.", failed)
      : l10n.t("{0} files uploaded, {1} not.", files, failed),
  download: (files, failed) =>
    files === 1
      ? l10n.t("1 file downloaded, {0} not.", failed)
      : l10n.t("{0} files downloaded, {1} not.", files, failed),
};

/** Failures are told with their reasons; who downloaded is offered to see it. */
function tellOutcome(way: Way, { done, failed }: TransferOutcome, target?: vscode.Uri): void {
  if (failed.length > 0) {
    const reasons = failed.slice(0, 3).map((failure) => `${failure.path}: ${wordsFor(failure.error)}`);
    const more = failed.length > 3 ? ` ${l10n.t("And {0} more.", failed.length - 3)}` : "";
    throw new ConfigurationError(
      "files",
      `${partWords[way](done, failed.length)} ${reasons.join(" ")}${more}`,
    );
  }
  const words = doneWords[way](done);
  if (target === undefined) {
    setStatusBarMessage(words, 5000);
    return;
  }
  // Not awaited: the command is over, whether or not anyone reads the message.
  const show = l10n.t("Show");
  void Promise.resolve(showInformationMessage(words, show)).then(async (choice) => {
    if (choice === show) {
      await vscode.commands.executeCommand("revealFileInOS", target);
    }
  });
}

function pathOf(row: FolderRow): string {
  return row.kind === "folder" ? "" : row.path;
}
