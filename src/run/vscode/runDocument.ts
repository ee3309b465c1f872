import path from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../base/errors.js";
import { languageOf } from "../plan/languages.js";
import { planRun, type RunPlan } from "../plan/runPlan.js";

/** A document ready to run: saved, planned, read. */
export interface RunDocument {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly plan: RunPlan;
  readonly content: Uint8Array;
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
export async function prepare(document: vscode.TextDocument): Promise<RunDocument> {
  const plan = planRun(document.languageId, remotePathOf(document));
  const name = path.posix.basename(plan.remotePath);
  if (document.isUntitled) {
    return { uri: document.uri, name, plan, content: new TextEncoder().encode(document.getText()) };
  }
  if (document.isDirty && !(await document.save())) {
    throw new ConfigurationError("file", `${name} could not be saved, so it was not run.`);
  }
  return { uri: document.uri, name, plan, content: await vscode.workspace.fs.readFile(document.uri) };
}

function remotePathOf(document: vscode.TextDocument): string {
  if (document.isUntitled) {
    return `${path.posix.basename(document.uri.path)}${languageOf(document.languageId)?.suffix ?? ""}`;
  }
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  return folder
    ? path.posix.relative(folder.uri.path, document.uri.path)
    : path.posix.basename(document.uri.path);
}
