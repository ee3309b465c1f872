import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * The newest text of a log that VS Code keeps in a file and in older files beside it (`Backend.AI.log`, `Backend.AI.1.log`, …).
 * @param limitBytes At most so much is read; a line that is cut is left out.
 * @returns `undefined` where there is no file: some hosts write none.
 */
export async function logTail(folder: string, name: string, limitBytes: number): Promise<string | undefined> {
  const files = await filesOf(folder, name);
  const pieces: Buffer[] = [];
  let left = limitBytes;
  for (const { file, size } of files) {
    if (left === 0) {
      break;
    }
    const length = Math.min(size, left);
    pieces.unshift(await readEnd(file, size, length));
    left -= length;
  }
  const text = Buffer.concat(pieces).toString("utf8");
  return files.length === 0 ? undefined : left === 0 ? text.slice(text.indexOf("\n") + 1) : text;
}

/** The newest first. */
async function filesOf(folder: string, name: string): Promise<readonly { file: string; size: number }[]> {
  const names = (await readdir(folder).catch(() => [])).filter(
    (entry) => entry.startsWith(`${name}.`) && /^(\d+\.)?log$/.test(entry.slice(name.length + 1)),
  );
  const files = await Promise.all(
    names.map(async (entry) => {
      const file = path.join(folder, entry);
      const { size, mtimeMs } = await stat(file);
      return { file, size, mtimeMs };
    }),
  );
  return files.sort((a, b) => b.mtimeMs - a.mtimeMs || a.file.localeCompare(b.file));
}

async function readEnd(file: string, size: number, length: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
