import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { showOpenDialog } from "../../../platform/shown/dialogs.js";
import { LocalEnd } from "../../transfer/localEnd.js";
import { topmost } from "../../tree/fileActions.js";
import { isFileItem } from "../../tree/fileRow.js";
import {
  type Called,
  endOfRow,
  endsOfUris,
  type SessionPaths,
  type TransferDeps,
  urisOf,
} from "./sessionEnds.js";
import { transfer } from "./transferView.js";

/** Downloads the rows or addresses that a menu was opened on into a folder that the person picks. */
export async function download(deps: TransferDeps, called: Called, signal: AbortSignal): Promise<void> {
  const sources = await sourcesOf(deps, called, signal);
  const [first] = sources;
  const folder = first && (folderOf(called.given) ?? (await pickFolder(first)));
  if (folder === undefined) {
    return;
  }
  for (const { end, paths } of sources) {
    const target = new LocalEnd(folder.fsPath);
    const onDidChange = (): void => undefined; // the Explorer watches this computer's files
    const request = { way: "download" as const, source: end, target, paths, folder: folder.fsPath };
    await transfer(deps, { ...request, onDidChange }, signal);
  }
}

async function sourcesOf(
  deps: TransferDeps,
  called: Called,
  signal: AbortSignal,
): Promise<readonly SessionPaths[]> {
  const { clicked, all } = called;
  if (!isFileItem(clicked)) {
    return endsOfUris(deps, urisOf(called), signal);
  }
  const rows = (Array.isArray(all) && all.includes(clicked) ? (all as readonly unknown[]) : [clicked]).filter(
    isFileItem,
  );
  const sessions = new Set(rows.map(({ sessionId }) => sessionId));
  return Promise.all(
    [...sessions].map(async (sessionId) => {
      const own = rows.filter((row) => row.sessionId === sessionId);
      return { ...(await endOfRow(deps, sessionId)), paths: topmost(own.map(({ row }) => row.path)) };
    }),
  );
}

async function pickFolder({ paths }: SessionPaths): Promise<vscode.Uri | undefined> {
  const picked = await showOpenDialog({
    title:
      paths.length === 1
        ? l10n.t("Folder to download {0} to", paths[0] ?? "")
        : l10n.t("Folder to download {0} items to", paths.length),
    openLabel: l10n.t("Download"),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return picked?.[0];
}

function folderOf(given: unknown): vscode.Uri | undefined {
  return typeof given === "object" &&
    given !== null &&
    "folder" in given &&
    given.folder instanceof vscode.Uri
    ? given.folder
    : undefined;
}
