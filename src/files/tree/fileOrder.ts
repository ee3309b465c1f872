import { compareNames } from "../../base/nameOrder.js";
import type { NamedFile } from "../access/fileAccess.js";

/** Folders first, then by name. */
export function inOrder(files: readonly NamedFile[]): NamedFile[] {
  return [...files].sort(
    (one, other) =>
      Number(other.type === "directory") - Number(one.type === "directory") ||
      compareNames(one.name, other.name),
  );
}
