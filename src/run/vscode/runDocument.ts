import path from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../base/errors.js";
import { languageOf } from "../plan/languages.js";
import { planRun, type RunOptions, type RunPlan } from "../plan/runPlan.js";
import type { OutgoingFile } from "../upload/outgoingFile.js";

/** A document ready to run: saved, planned, read. */
export interface RunDocument {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly languageId: string;
  readonly plan: RunPlan;
  readonly content: Uint8Array;
  /** What is sent, the file to run among it. */
  readonly files: readonly OutgoingFile[];
}

/** The document that a run command means: the one it was invoked on, else that of the active editor. */
export async function documentFor(uri: unknown): Promise<vscode.TextDocument> {
  if (uri instanceof vscode.Uri) {
    return vscode.workspace.openTextDocument(uri);
  }
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) {
    throw new ConfigurationError("editor", "No file is open. Open the file to run, then press Run.");
  }
  return document;
}

/**
 * Saves and reads the document. One that was never saved runs as it is, under its title.
 * @throws {ConfigurationError} when it can't be run or was not saved.
 */
export async function prepare(document: vscode.TextDocument, options: RunOptions = {}): Promise<RunDocument> {
  const { uri, languageId } = document;
  const plan = planRun(languageId, remotePathOf(document), options);
  const name = path.posix.basename(plan.remotePath);
  if (!document.isUntitled && document.isDirty && !(await document.save())) {
    throw new ConfigurationError("file", `${name} could not be saved, so it was not run.`);
  }
  const content = document.isUntitled
    ? new TextEncoder().encode(document.getText())
    : await vscode.workspace.fs.readFile(uri);
  const file = {
    path: plan.remotePath,
    size: content.byteLength,
    read: async () => Promise.resolve(content),
  };
  return { uri, name, languageId, plan, content, files: [file] };
}

/** Where a document goes in a session, relative to `/home/work`. */
export function remotePathOf(document: vscode.TextDocument): string {
  if (document.isUntitled) {
    return `${path.posix.basename(document.uri.path)}${languageOf(document.languageId)?.suffix ?? ""}`;
  }
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  return folder
    ? path.posix.relative(folder.uri.path, document.uri.path)
    : path.posix.basename(document.uri.path);
}
