import type { FileInfo } from "../access/fileAccess.js";

/** What VS Code is told about a file; the numbers are those of its `FileType`. */
export interface DocumentStat {
  readonly type: number;
  readonly ctime: number;
  /** Milliseconds since the epoch; grows with each change. */
  readonly mtime: number;
  readonly size: number;
  readonly isReadonly: boolean;
}

const types: Readonly<Record<FileInfo["type"], number>> = { unknown: 0, other: 0, file: 1, directory: 2 };
const linkBit = 64;

/** The type of something, as a number of VS Code's `FileType`. */
export function typeBits({ type, isLink }: Pick<FileInfo, "type" | "isLink">): number {
  return types[type] | (isLink ? linkBit : 0);
}

const ownerWrites = 0o200;
const othersWrite = 0o022; // groups are not known by name, so theirs counts as one's own

/** Whether the bits of something keep the user `uid` from writing to it; `undefined` where they are not known. 0 may do all. */
export function refusesWriting({ mode, uid: owner }: FileInfo, uid: number | undefined): boolean | undefined {
  if (mode === undefined || owner === undefined || uid === undefined) {
    return undefined;
  }
  return uid !== 0 && (mode & (owner === uid ? ownerWrites : othersWrite)) === 0;
}
