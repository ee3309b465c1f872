import * as l10n from "@vscode/l10n";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { homeDirectory, type SessionSummary } from "../../../api/index.js";
import { checkLocalName } from "../../../api/files/localNames.js";
import { ConfigurationError } from "../../../base/errors.js";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { showOpenDialog } from "../../../platform/shown/dialogs.js";
import type { BranchDrop } from "../../../sessions/sessionBranches.js";
import { runningSession } from "../../../sessions/vscode/runningSession.js";
import { fileScheme } from "../../../platform/contributedIds.js";
import { LocalEnd } from "../../transfer/localEnd.js";
import type { SessionEnd } from "../../transfer/sessionEnd.js";
import { isFileItem } from "../../tree/fileRow.js";
import { folderOf } from "../tree/dropOnFiles.js";
import { type Called, endOfRow, endsOfUris, sessionEnd, type TransferDeps, urisOf } from "./sessionEnds.js";
import { transfer } from "./transferView.js";

/** What a caller knows of what is to be uploaded. */
interface Given {
  readonly uris: readonly vscode.Uri[];
  readonly files: BranchDrop["files"];
}

interface Destination {
  readonly session: SessionSummary;
  readonly end: SessionEnd;
  /** Absolute in the session. */
  readonly folder: string;
}

/** Uploads what was dropped, what was clicked in the Explorer, or what the person picks. */
export async function upload(deps: TransferDeps, called: Called, signal: AbortSignal): Promise<void> {
  const destination = await destinationOf(deps, called, signal);
  if (destination === undefined) {
    return;
  }
  const { uris, files } = await sourcesOf(called, destination);
  const local = uris.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
  const remote = uris.filter(({ scheme }) => scheme === fileScheme);
  if (local.length + remote.length < uris.length) {
    throw new ConfigurationError(
      "upload",
      l10n.t("Only files of this computer and of sessions can be uploaded."),
    );
  }
  if (local.length > 0) {
    await carry(deps, destination, { source: new LocalEnd(), paths: local }, signal);
  }
  for (const { end, paths } of await endsOfUris(deps, remote, signal)) {
    await carry(deps, destination, { source: end, paths }, signal);
  }
  if (files.length > 0) {
    await uploadDropped(deps, destination, files, signal);
  }
}

async function carry(
  deps: TransferDeps,
  { session, end, folder }: Destination,
  { source, paths }: { readonly source: LocalEnd | SessionEnd; readonly paths: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const onDidChange = (): void => deps.changes.tell(session.id, folder);
  await transfer(deps, { way: "upload", source, target: end, paths, folder, onDidChange }, signal);
}

/** Browsers tell nothing of dropped files but their bytes: those wait on disk until it is their turn. */
async function uploadDropped(
  deps: TransferDeps,
  destination: Destination,
  files: Given["files"],
  signal: AbortSignal,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-upload-"));
  try {
    const paths: string[] = [];
    for (const file of files) {
      checkLocalName(file.name, process.platform);
      const kept = path.join(folder, file.name);
      await writeFile(kept, await file.read());
      paths.push(kept);
    }
    await carry(deps, destination, { source: new LocalEnd(), paths }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function destinationOf(
  deps: TransferDeps,
  { clicked }: Called,
  signal: AbortSignal,
): Promise<Destination | undefined> {
  if (isFileItem(clicked)) {
    return { ...(await endOfRow(deps, clicked.sessionId)), folder: folderOf(clicked) };
  }
  const chosen = await runningSession(deps, { placeHolder: l10n.t("Session to upload to"), signal });
  return (
    chosen && {
      session: chosen.session,
      end: await sessionEnd(deps, chosen.client, chosen.session),
      folder: homeDirectory,
    }
  );
}

async function sourcesOf(called: Called, { session, folder }: Destination): Promise<Given> {
  if (isGiven(called.given)) {
    return called.given;
  }
  const uris = isFileItem(called.clicked) ? [] : urisOf(called);
  return {
    files: [],
    uris: uris.length > 0 ? uris : await pick(l10n.t("Upload to {0} of {1}", folder, session.name)),
  };
}

/** The dialogs of Windows and Linux show either files or folders. */
async function pick(title: string): Promise<readonly vscode.Uri[]> {
  const canShowBoth = process.platform === "darwin" || vscode.env.uiKind === vscode.UIKind.Web;
  const kind = canShowBoth
    ? "both"
    : (
        await showQuickPick(
          [
            { icon: "files", label: l10n.t("Files…"), what: "files" },
            { icon: "folder", label: l10n.t("Folders…"), what: "folders" },
          ],
          { placeHolder: title },
        )
      )?.what;
  if (kind === undefined) {
    return [];
  }
  const picked = await showOpenDialog({
    title,
    openLabel: l10n.t("Upload"),
    canSelectMany: true,
    canSelectFiles: kind !== "folders",
    canSelectFolders: kind !== "files",
  });
  return picked ?? [];
}

function isGiven(given: unknown): given is Given {
  return typeof given === "object" && given !== null && "uris" in given && "files" in given;
}
