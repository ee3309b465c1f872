import { posix } from "node:path";
import { UnsafePathError } from "../errors.js";

/** The home directory of every session; uploads and downloads stay inside (`protocol.md` §6). */
export const homeDirectory = "/home/work";

/**
 * A path as one relative to the home directory: `a/b.txt`, from that or from `/home/work/a/b.txt`.
 * @throws {UnsafePathError} when it leads out of there. Some servers write such a file anyway (`real-servers.md`).
 */
export function relativeName(path: string): string {
  if (path.includes("\0")) {
    throw new UnsafePathError(path, "contains a null character");
  }
  const relative = posix.relative(homeDirectory, posix.resolve(homeDirectory, path));
  if (relative === "" || relative === ".." || relative.startsWith("../")) {
    throw new UnsafePathError(path, `is not inside ${homeDirectory}`);
  }
  return relative;
}
