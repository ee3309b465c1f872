import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ProjectFolder } from "../../../../../src/run/project/select/projectFolder.js";

/** A folder of this computer. */
export function diskFolder(root: string): ProjectFolder {
  return {
    list: async (folder) =>
      (await readdir(path.join(root, folder), { withFileTypes: true })).map((entry) => ({
        name: entry.name,
        kind: entry.isSymbolicLink()
          ? "link"
          : entry.isDirectory()
            ? "folder"
            : entry.isFile()
              ? "file"
              : "other",
      })),
    stat: async (file) => {
      const { size, mtimeMs } = await stat(path.join(root, file));
      return { size, mtimeMs };
    },
    read: async (file) => readFile(path.join(root, file)),
  };
}

/** Writes files below `root`: path → content, or nothing but the path itself. */
export async function writeTree(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
  }
}
