import * as l10n from "@vscode/l10n";
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
    throw new FileAccessError(
      "invalid",
      path,
      l10n.t("{0} is no path of a file in a session.", JSON.stringify(path)),
    );
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
      l10n.t("The name of {0} is too long: {1} bytes are the most.", path, nameBytes),
    );
  }
  return clean;
}
