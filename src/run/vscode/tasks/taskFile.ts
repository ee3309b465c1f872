import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import { ConfigurationError, messageOf } from "../../../base/errors.js";

/**
 * The document that a task runs.
 * @param file A whole path, or one relative to `folder`.
 * @throws {ConfigurationError} (`file`) that says why there is none.
 */
export async function taskDocument(
  file: string,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<vscode.TextDocument> {
  // Of a buffer that was never saved, `${file}` is just its title.
  const loose = vscode.workspace.textDocuments.find(({ isUntitled, uri }) => isUntitled && uri.path === file);
  if (loose !== undefined) {
    return loose;
  }
  const uri = uriOf(file, folder);
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) !== 0) {
      throw new ConfigurationError("file", l10n.t("“{0}” is a folder. A task runs a file.", file));
    }
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw error instanceof vscode.FileSystemError && error.code === "FileNotFound"
      ? new ConfigurationError("file", l10n.t("There is no file “{0}”.", file), { cause: error })
      : error instanceof ConfigurationError
        ? error
        : new ConfigurationError("file", l10n.t("“{0}” can't be read: {1}", file, messageOf(error)), {
            cause: error,
          });
  }
}

/** How a task names a document: relative to its workspace folder, by its whole path outside. */
export function taskFileOf(uri: vscode.Uri): {
  readonly file: string;
  readonly folder: vscode.WorkspaceFolder | undefined;
} {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return { file: folder ? path.posix.relative(folder.uri.path, uri.path) : uri.fsPath, folder };
}

function uriOf(file: string, folder: vscode.WorkspaceFolder | undefined): vscode.Uri {
  if (!path.isAbsolute(file)) {
    if (folder === undefined) {
      throw new ConfigurationError("file", l10n.t("No folder is open, so “{0}” must be a whole path.", file));
    }
    return vscode.Uri.joinPath(folder.uri, file);
  }
  // Folders may come from elsewhere than this computer's disk, and so do the files in them.
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const inside = path.relative(uri.fsPath, file);
    if (!inside.startsWith("..") && !path.isAbsolute(inside)) {
      return vscode.Uri.joinPath(uri, ...inside.split(path.sep));
    }
  }
  return vscode.Uri.file(file);
}
