import { mkdir, mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Logger } from "../base/logger.js";
import { claim, sweepAbandoned, sweptPrefix } from "./abandoned.js";
import { clearTree } from "./removeTree.js";

/** Where the engine keeps files. */
export interface DataDir {
  readonly root: string;
  readonly sessions: string;
  readonly folders: string;
  readonly commits: string;
  /** Whether it was made for this start only. */
  readonly isTemporary: boolean;
  /** Removes what was made for this start only. Never rejects. */
  remove(): Promise<void>;
}

/** Opens `directory`, or makes a temporary one that only this user can read. */
export async function openDataDir(directory: string | undefined, logger: Logger): Promise<DataDir> {
  const isTemporary = directory === undefined;
  if (!isTemporary) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  const root = await realpath(directory ?? (await mkdtemp(path.join(tmpdir(), sweptPrefix))));
  const inside = (name: string): string => path.join(root, name);
  const dirs = { sessions: inside("sessions"), folders: inside("folders"), commits: inside("commits") };
  await Promise.all([dirs.sessions, dirs.folders].map((dir) => mkdir(dir, { recursive: true, mode: 0o700 })));
  if (isTemporary) {
    await claim(root);
    void sweepAbandoned(tmpdir(), sweptPrefix);
  }
  return {
    root,
    ...dirs,
    isTemporary,
    remove: async () => {
      if (isTemporary) {
        await clearTree(root, logger);
      }
    },
  };
}
