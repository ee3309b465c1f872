import * as vscode from "vscode";
import type { FolderEntry, ProjectFolder } from "../../project/select/projectFolder.js";

/** A workspace folder, read by VS Code wherever it is. */
export function workspaceProject(root: vscode.Uri): ProjectFolder {
  const { fs } = vscode.workspace;
  const at = (path: string): vscode.Uri => (path === "" ? root : vscode.Uri.joinPath(root, path));
  return {
    list: async (path) =>
      (await fs.readDirectory(at(path))).map(([name, type]) => ({ name, kind: kindOf(type) })),
    stat: async (path) => {
      const { size, mtime } = await fs.stat(at(path));
      return { size, mtimeMs: mtime };
    },
    read: async (path) => fs.readFile(at(path)),
  };
}

function kindOf(type: vscode.FileType): FolderEntry["kind"] {
  if ((type & vscode.FileType.SymbolicLink) !== 0) {
    return "link";
  }
  return type === vscode.FileType.Directory ? "folder" : type === vscode.FileType.File ? "file" : "other";
}
