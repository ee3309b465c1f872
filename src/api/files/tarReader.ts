import { type ReadEntry, Parser } from "tar";
import { messageOf, ProtocolError } from "../../base/errors.js";

/** A file of an archive, whole. */
export interface ArchivedFile {
  /** As the archive has it, not checked: see `extractFile` before writing anywhere. */
  readonly path: string;
  readonly type: "file" | "directory" | "link";
  /** Permission bits. */
  readonly mode: number;
  readonly mtime: Date | undefined;
  readonly bytes: Buffer;
}

const types: Readonly<Record<string, ArchivedFile["type"]>> = {
  File: "file",
  OldFile: "file",
  ContiguousFile: "file",
  Directory: "directory",
  GNUDumpDir: "directory",
  Link: "link",
  SymbolicLink: "link",
};

const blockBytes = 512;

/** How a compressed archive begins. The parser would unpack it, to a thousand times its size, whatever else it looks like. */
const gzipMark = Buffer.of(0x1f, 0x8b);

/** Nothing but plain archives, which have as many entries as their bytes can hold, and no more. */
export const plainOnly = { strict: true, brotli: false, zstd: false } as const;

/** Whether a stream that begins so is compressed. */
export function isGzip(beginning: Buffer): boolean {
  return beginning.subarray(0, gzipMark.length).equals(gzipMark);
}

/**
 * The entries of an uncompressed tar in memory. Devices, pipes and the like are left out.
 * @throws {ProtocolError} when it is damaged, cut short or compressed.
 */
export async function readTar(tar: Buffer, where: string): Promise<ArchivedFile[]> {
  const isPlain =
    !isGzip(tar) && tar.length >= blockBytes && tar.subarray(257, 262).toString("latin1") === "ustar";
  if (!isPlain) {
    throw new ProtocolError(where, "", "the answer holds no tar archive");
  }
  const reading: Promise<ArchivedFile>[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(new ProtocolError(where, "", `the archive is damaged: ${messageOf(error)}`, { cause: error }));
    };
    const parser = new Parser({
      ...plainOnly,
      onReadEntry: (entry) => {
        if (types[entry.type] === undefined) {
          entry.resume();
        } else {
          reading.push(readEntry(entry));
        }
      },
    });
    parser.on("error", fail);
    parser.on("end", () => resolve());
    parser.end(tar);
  });
  return Promise.all(reading);
}

async function readEntry(entry: ReadEntry): Promise<ArchivedFile> {
  return {
    path: entry.path,
    type: types[entry.type] ?? "file",
    mode: (entry.mode ?? 0o644) & 0o777,
    mtime: entry.mtime,
    bytes: Buffer.from(await entry.concat()),
  };
}
