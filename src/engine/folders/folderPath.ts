import { realpath } from "node:fs/promises";
import path from "node:path";
import { confinedTo, OutsidePathError } from "../files/workPath.js";
import type { Folder } from "./folderStore.js";

/**
 * The place on this computer of a path in a folder, with the links of all that exists followed.
 * @throws {OutsidePathError} when it is absolute or leads out of the folder.
 */
export async function resolveInFolder(folder: Folder, asked: string): Promise<string> {
  return confinedTo([await realpath(folder.directory)], path.join(folder.directory, relativePath(asked)));
}

/**
 * The place of an entry itself, also when it is a link: what is renamed and removed.
 * @throws {OutsidePathError} also for the folder itself.
 */
export async function resolveEntry(folder: Folder, asked: string): Promise<string> {
  const relative = relativePath(asked);
  if (relative === ".") {
    throw new OutsidePathError(asked);
  }
  const parent = await resolveInFolder(folder, path.posix.dirname(relative));
  return path.join(parent, path.posix.basename(relative));
}

function relativePath(asked: string): string {
  const normal = path.posix.normalize(asked === "" ? "." : asked).replace(/(.)\/+$/, "$1");
  if (asked.includes("\0") || path.posix.isAbsolute(normal) || normal === ".." || normal.startsWith("../")) {
    throw new OutsidePathError(asked);
  }
  return normal;
}
