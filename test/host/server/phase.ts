import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** How often a long phase says that it is still alive. */
const heartbeatMs = 10_000;

/**
 * Runs one step of an installation and prints a line when it starts, one with the size reached every few seconds,
 * and one with its time and size when it ends: silence for a minute looks like a hang.
 */
export async function phase<T>(title: string, folder: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  console.log(`  ${title} …`);
  const report = async (suffix: string): Promise<void> => {
    console.log(
      `    ${suffix}${await sizeInMegabytes(folder)} MB, ${String(Math.round((Date.now() - startedAt) / 1000))} s`,
    );
  };
  const heartbeat = setInterval(() => void report("… "), heartbeatMs);
  try {
    const result = await work();
    clearInterval(heartbeat);
    await report("done: ");
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

async function sizeInMegabytes(folder: string): Promise<string> {
  return String(Math.round((await sizeOf(folder)) / 1_000_000));
}

/** Files may come and go while npm works: what cannot be read counts as nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      bytes += await sizeOf(file);
    } else if (entry.isFile()) {
      bytes += await stat(file).then(
        (info) => info.size,
        () => 0,
      );
    }
  }
  return bytes;
}
