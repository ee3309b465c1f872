import { posix } from "node:path";
import { FileAccessError } from "./fileAccessError.js";

/** What Linux takes, in bytes. */
const nameBytes = 255;
const pathBytes = 4095;

/**
 * A path that a session may have, normalized; before anything is asked for.
 * @throws {FileAccessError} (`invalid`)
 */
export function checkedPath(path: string): string {
  if (!path.startsWith("/") || path.includes("\0")) {
    throw new FileAccessError("invalid", path, `${JSON.stringify(path)} is no path of a file in a session.`);
  }
  const normal = posix.normalize(path);
  const clean = normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
  const isLong =
    Buffer.byteLength(clean) > pathBytes ||
    clean.split("/").some((name) => Buffer.byteLength(name) > nameBytes);
  if (isLong) {
    throw new FileAccessError(
      "invalid",
      path,
      `The name of ${path} is too long: ${String(nameBytes)} bytes are the most.`,
    );
  }
  return clean;
}
