import { open, mkdir, readdir, rm, stat, type FileHandle } from "node:fs/promises";
import path from "node:path";

/** Bytes of a task's log above which it becomes a file. */
export const inMemoryLimitBytes = 4 * 1024 * 1024;
/** Files of logs that are kept for another look. */
const keptFiles = 5;

/** A log that was fetched whole. */
export type FetchedLog =
  { readonly kind: "small" } | { readonly kind: "file"; readonly file: string; readonly bytes: number };

/** How to fetch one. */
export interface FetchOptions {
  /** Where files of logs lie; made when it is needed. The oldest go. */
  readonly folder: string;
  readonly name: string;
  readonly limitBytes?: number;
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Takes a log in pieces. One within the limit is dropped again, as a document reads it anew; what is larger is written to a
 * file while it comes, so that memory holds no more than the limit.
 * @throws what the pieces throw, and errors of the disk; no file is left then.
 */
export async function fetchLog(
  pieces: AsyncIterable<Uint8Array>,
  options: FetchOptions,
): Promise<FetchedLog> {
  const { folder, name, limitBytes = inMemoryLimitBytes, onProgress = () => undefined } = options;
  const file = path.join(folder, fileNameOf(name));
  let held: Uint8Array[] = [];
  let bytes = 0;
  let handle: FileHandle | undefined;
  try {
    for await (const piece of pieces) {
      held.push(Uint8Array.from(piece));
      bytes += piece.length;
      onProgress(bytes);
      if (bytes > limitBytes) {
        handle ??= await openFile(file);
        await writeAll(handle, held);
        held = [];
      }
    }
    await handle?.close();
    return handle === undefined ? { kind: "small" } : { kind: "file", file, bytes };
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
}

/** A name that every system takes. */
function fileNameOf(name: string): string {
  return `${name.replaceAll(/[^\w.-]+/g, "_")}.log`;
}

async function openFile(file: string): Promise<FileHandle> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  await dropOldest(folder);
  return open(file, "w", 0o600);
}

async function dropOldest(folder: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = path.join(folder, name);
      return { file, time: (await stat(file)).mtimeMs };
    }),
  );
  const excess = files.sort((a, b) => b.time - a.time).slice(keptFiles - 1);
  await Promise.all(excess.map(({ file }) => rm(file, { force: true })));
}

async function writeAll(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    await handle.writeFile(piece);
  }
}
