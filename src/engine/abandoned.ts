import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { removeTree } from "./removeTree.js";

const ownerFile = "owner.pid";

/** How the names of the engine's temporary directories begin. */
export const sweptPrefix = "backendai-engine-";

/** Says in a temporary directory which process it belongs to. */
export async function claim(directory: string): Promise<void> {
  await writeFile(path.join(directory, ownerFile), `${String(process.pid)}\n`);
}

/** Removes the temporary directories of engines that were killed before they could do it themselves. */
export async function sweepAbandoned(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
    const directory = path.join(parent, name);
    if (await isAbandoned(directory)) {
      await removeTree(directory).catch(() => undefined);
    }
  }
}

async function isAbandoned(directory: string): Promise<boolean> {
  const stats = await stat(directory).catch(() => undefined);
  const owner = Number(await readFile(path.join(directory, ownerFile), "utf8").catch(() => "0"));
  return stats?.uid === process.getuid?.() && owner > 0 && !isAlive(owner);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process that may not be signalled is there all the same.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
