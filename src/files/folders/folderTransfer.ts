import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UnsafePathError } from "../../api/errors.js";
import { checkLocalName, localKeyOf } from "../../api/files/localNames.js";
import type { BackendAIClient, Folder } from "../../api/index.js";
import { isAbort } from "../../base/abort.js";
import { inLanes } from "../upload/lanes.js";
import { joinPath } from "./folderRows.js";
import type { LocalTree } from "./localTree.js";

/** Files under way at the same time. */
const lanes = 4;
/** Most files that one download brings. */
const filesLimit = 50_000;
/** Deepest directory that is looked into: links may lead round in circles. */
const depthLimit = 100;

/** How far a transfer of many files is. */
export interface TransferProgress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** The file that moved last, by its path. */
  readonly file: string;
  /** Whether a connection was lost, and is tried again. */
  readonly isInterrupted: boolean;
}

/** What became of a transfer. */
export interface TransferOutcome {
  readonly done: number;
  readonly failed: readonly Failure[];
}

interface Failure {
  readonly path: string;
  readonly error: unknown;
}

/** How a transfer is watched and ended. */
export interface TransferOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

interface Item {
  readonly path: string;
  readonly size: number;
}

/**
 * Uploads files below a directory of a folder. A file or empty directory that fails does not keep the others from coming; each file is
 * replaced in one go once all of it is there.
 * @throws only when it is aborted.
 */
export async function uploadInto(
  client: BackendAIClient,
  place: { readonly folder: Folder; readonly directory: string },
  tree: LocalTree,
  options: TransferOptions,
): Promise<TransferOutcome> {
  const { files: calls } = client.folders;
  const { folder, directory } = place;
  const { signal } = options;
  const outcome = await transferAll(tree.files, options, async (file, watch) => {
    const content = {
      size: file.size,
      open: (start: number, end: number): Readable =>
        end > start ? createReadStream(file.localPath, { start, end: end - 1 }) : Readable.from([]),
    };
    await calls.upload(folder, joinPath(directory, file.path), content, { signal, ...watch });
  });
  const failed = [...outcome.failed];
  for (const empty of tree.emptyDirectories) {
    await noting(failed, empty, signal, async () =>
      calls.mkdir(folder, joinPath(directory, empty), { existOk: true, signal }),
    );
  }
  return { ...outcome, failed };
}

/** A file of a folder that is to be downloaded. */
export interface RemoteFile {
  /** In the folder. */
  readonly path: string;
  /** Relative to where it is put. */
  readonly name: string;
  readonly size: number;
}

/** The files at and below a path of a folder; links are left out. */
export async function remoteFiles(
  client: BackendAIClient,
  folder: Folder,
  { path: start, name }: { readonly path: string; readonly name: string },
  signal: AbortSignal,
): Promise<RemoteFile[]> {
  const found: RemoteFile[] = [];
  const walk = async (directory: string, below: string, depth: number): Promise<void> => {
    if (depth > depthLimit || found.length > filesLimit) {
      throw new RangeError(
        l10n.t("{0}/{1} has too many files, or too deep directories.", folder.name, start),
      );
    }
    for (const entry of await client.folders.files.list(folder, directory, { signal })) {
      const inner = joinPath(directory, entry.name);
      if (entry.type === "directory") {
        await walk(inner, joinPath(below, entry.name), depth + 1);
      } else if (entry.type === "file" && !inner.startsWith(".upload/")) {
        found.push({ path: inner, name: joinPath(below, entry.name), size: entry.size });
      }
    }
  };
  await walk(start, name, 0);
  return found;
}

/**
 * Downloads files below a local folder, each beside its place first, so that what is there stays until all has come. A file that
 * fails does not keep the others from coming.
 * @throws only when it is aborted.
 */
export async function downloadInto(
  client: BackendAIClient,
  folder: Folder,
  files: readonly RemoteFile[],
  { localFolder, ...options }: TransferOptions & { readonly localFolder: string },
): Promise<TransferOutcome> {
  const named = files.map((file) => ({ ...file, remote: file.path, path: file.name }));
  const taken = new Set<string>();
  return transferAll(named, options, async (file, watch) => {
    const target = safeTarget(localFolder, file.name);
    const key = localKeyOf(target, process.platform);
    if (taken.has(key)) {
      throw new UnsafePathError(file.name, l10n.t("would be written over another one of the same download"));
    }
    taken.add(key);
    await mkdir(path.dirname(target), { recursive: true });
    await downloadFile(client, { folder, path: file.remote }, target, { signal: options.signal, ...watch });
  });
}

/** Downloads one file to `target`. */
export async function downloadFile(
  client: BackendAIClient,
  from: { readonly folder: Folder; readonly path: string },
  target: string,
  options: NonNullable<Parameters<BackendAIClient["folders"]["files"]["read"]>[2]>,
): Promise<void> {
  const draft = path.join(path.dirname(target), `.backendai-${randomBytes(6).toString("hex")}.part`);
  try {
    await pipeline(
      Readable.from(client.folders.files.read(from.folder, from.path, options), { objectMode: false }),
      createWriteStream(draft, { flags: "wx" }),
      options.signal === undefined ? {} : { signal: options.signal },
    );
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The local place of a name that a server gave: inside `root`, whatever the name. */
function safeTarget(root: string, name: string): string {
  const parts = name.split("/");
  for (const part of parts) {
    checkLocalName(part, process.platform);
    if (part.includes("\\")) {
      throw new UnsafePathError(name, l10n.t("can't be a name on this computer"));
    }
  }
  return path.join(root, ...parts);
}

type Watch = Pick<
  NonNullable<Parameters<BackendAIClient["folders"]["files"]["read"]>[2]>,
  "onProgress" | "onInterruption"
>;

async function transferAll<T extends Item>(
  items: readonly T[],
  { signal, onProgress }: TransferOptions,
  transfer: (item: T, watch: Watch) => Promise<void>,
): Promise<TransferOutcome> {
  const failed: Failure[] = [];
  const totalBytes = items.reduce((sum, { size }) => sum + size, 0);
  const moved = new Map<string, number>();
  let movedBytes = 0;
  let done = 0;
  const tell = (file: string, isInterrupted = false): void => {
    const files = done + failed.length;
    onProgress?.({ files, totalFiles: items.length, bytes: movedBytes, totalBytes, file, isInterrupted });
  };
  await inLanes(items, lanes, async (item) => {
    signal.throwIfAborted();
    await noting(failed, item.path, signal, async () => {
      await transfer(item, {
        onProgress: ({ transferredBytes }) => {
          movedBytes += transferredBytes - (moved.get(item.path) ?? 0);
          moved.set(item.path, transferredBytes);
          tell(item.path);
        },
        onInterruption: () => tell(item.path, true),
      });
      done += 1;
    });
    tell(item.path);
  });
  return { done, failed };
}

/** Does a part of a transfer, and notes its failure, so that the others come. */
async function noting(
  failed: Failure[],
  part: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted || isAbort(error)) {
      throw error;
    }
    failed.push({ path: part, error });
  }
}
