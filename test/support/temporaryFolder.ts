import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** Inside a `describe`: gives a function that makes folders, which are gone after its tests. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = [];
  after(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));
  return async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-test-"));
    made.push(folder);
    return folder;
  };
}
