import * as z from "zod/mini";
import { FileEntry as EntryRecord } from "../../wire/records/files.js";
import { check, decode } from "../transport/decode.js";

const Anything = z.unknown();
const EntryRecords = z.array(EntryRecord);

/** One entry of a directory. */
export interface FileEntry {
  /** Base name. */
  readonly name: string;
  /** A link is `symlink` from servers that don't follow it, else what it points to. */
  readonly type: "file" | "directory" | "symlink" | "other";
  readonly size: number;
  /** As `ls -l` shows it: `-rw-r--r--`. */
  readonly mode: string;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** A directory. */
export interface DirectoryListing {
  /** The path that was asked for. */
  readonly path: string;
  /** In the server's order, hidden ones included. */
  readonly entries: readonly FileEntry[];
  /** What the server's lister complained about, while it listed the rest; mostly empty. */
  readonly errors: string;
}

const types: Readonly<Record<string, FileEntry["type"]>> = { "-": "file", d: "directory", l: "symlink" };

/**
 * The entries in the `files` string of an answer: JSON and a newline.
 * @throws {ProtocolError}
 */
export function readEntries(files: string, where: string): FileEntry[] {
  return entriesOf(files, where).map((entry) => ({
    name: entry.filename,
    type: types[entry.mode.charAt(0)] ?? "other",
    size: entry.size,
    mode: entry.mode,
    mtimeMs: Math.round(entry.mtime * 1000),
    ctimeMs: Math.round((entry.ctime ?? entry.mtime) * 1000),
  }));
}

/** By hand where they are as they should be, which in a folder of thousands costs a tenth of what the record does; it finds what is wrong. */
function entriesOf(files: string, where: string): readonly EntryRecord[] {
  const value: unknown = decode(Anything, files, where);
  return Array.isArray(value) && value.every(isEntry) ? value : check(EntryRecords, value, where, files);
}

function isEntry(value: unknown): value is EntryRecord {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const {
    mode,
    size,
    ctime = 0,
    mtime,
    atime = 0,
    filename,
  }: Partial<Record<keyof EntryRecord, unknown>> = value;
  return (
    typeof mode === "string" &&
    typeof filename === "string" &&
    Number.isFinite(size) &&
    Number.isFinite(mtime) &&
    Number.isFinite(ctime) &&
    Number.isFinite(atime)
  );
}
