import type * as z from "zod/mini";
import type { FolderFiles, FolderItem } from "../../wire/records/folders.js";
import { readEntries } from "../files/fileEntry.js";

/** One entry of a directory in a virtual folder. */
export interface FolderEntry {
  /** Base name. */
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "other";
  /** Bytes; of a directory what its file system says. */
  readonly size: number;
  /** Milliseconds since the epoch; 0 when the server does not say. */
  readonly mtimeMs: number;
}

const types: Readonly<Record<string, FolderEntry["type"]>> = {
  FILE: "file",
  DIRECTORY: "directory",
  SYMLINK: "symlink",
};

/**
 * The entries of an answer, in the server's order: `items`, or on servers before 20.09 `files`.
 * @throws {ProtocolError} when it has neither.
 */
export function folderEntriesOf({ items, files }: z.infer<typeof FolderFiles>): readonly FolderEntry[] {
  if (items !== undefined) {
    return items.map(entryOf);
  }
  return readEntries(files ?? "", "GET /folders/{folder}/files").map(({ name, type, size, mtimeMs }) => ({
    name,
    type,
    size,
    mtimeMs,
  }));
}

function entryOf({ name, type, size, modified }: FolderItem): FolderEntry {
  const time = Date.parse(modified ?? "");
  return { name, type: types[type] ?? "other", size, mtimeMs: Number.isNaN(time) ? 0 : time };
}
