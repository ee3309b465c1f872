import { chmod, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../base/errors.js";
import type { Logger } from "../base/logger.js";

/** What the system says where a directory does not let its entries go. */
const heldBack: ReadonlySet<unknown> = new Set(["EACCES", "EPERM", "ENOTEMPTY"]);

/**
 * Removes a directory with all that is in it, read-only directories included (module caches and git objects are such). A
 * missing one is fine.
 * @throws what the system says when a part cannot be removed even so.
 */
export async function removeTree(directory: string): Promise<void> {
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && heldBack.has(error.code))) {
      throw error;
    }
    await makeWritable(directory);
    await remove();
  }
}

/** Removes a tree whose removal nothing depends on: what stays is told to the log. Never rejects. */
export async function clearTree(directory: string, logger: Logger): Promise<void> {
  try {
    await removeTree(directory);
  } catch (error) {
    logger.warn(`files are left in ${directory}: ${messageOf(error)}`);
  }
}

/** Lets this user change every directory of a tree; links are not followed. */
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700).catch(() => undefined);
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) {
      await makeWritable(path.join(directory, entry.name));
    }
  }
}
