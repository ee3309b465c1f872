import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import { settings } from "../../../platform/settings.js";
import { projectFiles, type ProjectFiles } from "../../project/projectFiles.js";
import type { OutgoingFile } from "../../../files/upload/outgoingFile.js";
import { workspaceProject } from "./workspaceProject.js";

/**
 * The files that travel with a run of a document, as the settings for it say: the document itself first, then others as they
 * are saved.
 * @param main The document as it is to run; its path as {@link remotePathOf} gives it.
 * @throws {ConfigurationError} when there are too many.
 */
export async function projectFilesFor(
  uri: vscode.Uri,
  main: OutgoingFile,
  signal: AbortSignal,
): Promise<ProjectFiles> {
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const folder = root && workspaceProject(root);
  const selection = { include: settings.runInclude(uri), exclude: settings.runExclude(uri) };
  const { files, warnings } = await projectFiles({ main, folder, selection, signal });
  const paths = new Set(files.map((file) => file.path));
  const unsaved = vscode.workspace.textDocuments
    .filter((other) => other.isDirty && root !== undefined && other.uri.toString() !== uri.toString())
    .map((other) => (other.uri.scheme === root?.scheme ? path.posix.relative(root.path, other.uri.path) : ""))
    .filter((other) => paths.has(other));
  return {
    files,
    warnings: [...warnings, ...unsaved.map((other) => l10n.t("{0} travels as it was last saved.", other))],
  };
}
