import type { Stats } from "node:fs";
import { lstat, mkdir, readdir, rename, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { removeTree } from "../removeTree.js";
import { resolveEntry, resolveInFolder } from "./folderPath.js";
import type { Folder } from "./folderStore.js";

/** One entry of a directory. */
export interface FolderEntry {
  readonly name: string;
  readonly stats: Stats;
}

/** The entries of a directory, unsorted, hidden ones included, links not followed. */
export async function listFolder(folder: Folder, asked: string): Promise<FolderEntry[]> {
  const directory = await resolveInFolder(folder, asked);
  const names = await readdir(directory);
  const entries = await Promise.all(
    names.map(async (name) => {
      // A file may vanish between the two looks.
      const stats = await lstat(path.join(directory, name)).catch(() => undefined);
      return stats && { name, stats };
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** Makes a directory. */
export async function makeDirectory(
  folder: Folder,
  asked: string,
  { parents, existOk }: { readonly parents: boolean; readonly existOk: boolean },
): Promise<void> {
  const target = await resolveInFolder(folder, asked);
  const found = await stat(target).catch(() => undefined);
  if (found !== undefined && !(existOk && found.isDirectory())) {
    throw Object.assign(new Error(asked), { code: "EEXIST" });
  }
  await mkdir(target, { recursive: parents || existOk });
}

/** Gives an entry another name or place in the folder; what is there is replaced, as `rename(2)` does. */
export async function moveEntry(folder: Folder, from: string, to: string): Promise<void> {
  await rename(await resolveEntry(folder, from), await resolveEntry(folder, to));
}

/** What removing entries may do. */
export interface RemoveRules {
  readonly recursive: boolean;
  /** What is missing, or a directory that may not be removed: refused, or left alone. */
  readonly trouble: "refused" | "ignored";
}

/** Removes entries, one after the other. */
export async function removeEntries(
  folder: Folder,
  paths: readonly string[],
  { recursive, trouble }: RemoveRules,
): Promise<void> {
  for (const asked of paths) {
    const target = await resolveEntry(folder, asked);
    const found = await lstat(target).catch(() => undefined);
    const code = found === undefined ? "ENOENT" : found.isDirectory() && !recursive ? "EISDIR" : undefined;
    if (code !== undefined) {
      if (trouble === "refused") {
        throw Object.assign(new Error(asked), { code });
      }
    } else if (found?.isDirectory() === true) {
      await removeTree(target);
    } else {
      await unlink(target);
    }
  }
}

/** How many files a folder has, and their bytes. */
export async function folderUsage(directory: string): Promise<{ files: number; bytes: number }> {
  const usage = { files: 0, bytes: 0 };
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const place = path.join(directory, entry.name);
    if (entry.isDirectory()) {
      const inner = await folderUsage(place);
      usage.files += inner.files;
      usage.bytes += inner.bytes;
    } else {
      usage.files += 1;
      usage.bytes += (await lstat(place).catch(() => undefined))?.size ?? 0;
    }
  }
  return usage;
}
