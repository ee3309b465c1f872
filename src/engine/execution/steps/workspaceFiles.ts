import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Workspace } from "./language.js";

const skippedFolders = new Set(["node_modules", "target"]);

/** The session's home folder, read when a default step is planned. */
export function workspaceOf(workDir: string): Workspace {
  return {
    has: (name) => existsSync(path.join(workDir, name)),
    files: (extension) => filesBelow(workDir, "", extension).sort(),
  };
}

function filesBelow(root: string, folder: string, extension: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      const isSkipped = entry.name.startsWith(".") || skippedFolders.has(entry.name);
      return isSkipped ? [] : filesBelow(root, name, extension);
    }
    return entry.name.endsWith(extension) ? [name] : [];
  });
}
