import type { NamedFile } from "../access/fileAccess.js";

const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Folders first, then by name as people count: `2.txt` before `10.txt`; names that differ in case alone by their characters. */
export function inOrder(files: readonly NamedFile[]): NamedFile[] {
  return [...files].sort(
    (one, other) =>
      Number(other.type === "directory") - Number(one.type === "directory") ||
      natural.compare(one.name, other.name) ||
      (one.name < other.name ? -1 : 1),
  );
}
