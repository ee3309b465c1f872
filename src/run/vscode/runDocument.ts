import { createHash } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { ConfigurationError } from "../../base/errors.js";
import { languageOf } from "../plan/languages.js";
import { planRun, type RunOptions, type RunPlan } from "../plan/runPlan.js";
import type { OutgoingFile } from "../upload/outgoingFile.js";

/** What is known of the file of a run, wherever it was started. */
export interface RunSubject {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly languageId: string;
  readonly commandLine: string;
  /** SHA-256 in hex; empty where it is not known. */
  readonly fileHash: string;
  readonly options: RunOptions;
  /** Its place in the session, relative to `/home/work`; `undefined` where it is not known. */
  readonly remotePath: string | undefined;
}

/** A document ready to run: saved, planned, read. */
export interface RunDocument extends RunSubject {
  readonly remotePath: string;
  readonly plan: RunPlan;
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
  const fileHash = createHash("sha256").update(content).digest("hex");
  const { commandLine, remotePath } = plan;
  return { uri, name, languageId, commandLine, fileHash, options, remotePath, plan, files: [file] };
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
