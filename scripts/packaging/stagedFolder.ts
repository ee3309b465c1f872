import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { glob } from "tinyglobby";

/** What the packager itself looks for beside what `.vscodeignore` lets in. */
const always = [".vscodeignore", "README.md"];

/** What Python leaves beside the runners when they are tried where it may. */
const leftovers = ["**/__pycache__"];

/**
 * Does something in a folder that has a copy of what `.vscodeignore` lets in (`!` and a glob each), and is removed afterwards.
 *
 * The packager holds each file below its folder against each rule: in a repository whose tests keep VS Code, servers and clients
 * of several releases in it, that is some 130,000 files and a minute and a half of nothing else.
 */
export async function inStagedFolder<T>(root: string, action: (folder: string) => Promise<T>): Promise<T> {
  const rules = (await readFile(path.join(root, ".vscodeignore"), "utf8")).split(/\r?\n/);
  const letIn = rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1));
  const files = await glob([...letIn, ...always], { cwd: root, dot: true, ignore: leftovers });
  const folder = await mkdtemp(path.join(tmpdir(), "backendai-package-"));
  try {
    for (const file of files) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await copyFile(path.join(root, file), path.join(folder, file));
    }
    return await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
