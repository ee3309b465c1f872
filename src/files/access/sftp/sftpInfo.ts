import type { Stats } from "ssh2";
import type { FileInfo } from "../fileAccess.js";

/** File types in a mode. */
const kinds: Readonly<Record<number, FileInfo["type"]>> = { 0o100000: "file", 0o040000: "directory" };
const kindMask = 0o170000;

/** Permission bits of a mode. */
export const permissions = 0o7777;

/**
 * What SFTP tells of a file.
 * @param own What is at the path itself.
 * @param end What it leads to: the same but for links, `undefined` where it leads nowhere.
 */
export function infoOf(own: Stats, end: Stats | undefined): FileInfo {
  const { mode, size, mtime, uid } = end ?? own;
  return {
    type: end === undefined ? "unknown" : (kinds[mode & kindMask] ?? "other"),
    isLink: own.isSymbolicLink(),
    size,
    mtimeMs: mtime * 1000,
    mode: mode & permissions,
    uid,
  };
}
