import * as l10n from "@vscode/l10n";
import { createHash } from "node:crypto";
import path from "node:path";
import * as vscode from "vscode";
import { delay } from "../../base/abort.js";
import { ConfigurationError } from "../../base/errors.js";
import { languageOf } from "../plan/languages.js";
import { planRun, type RunOptions, type RunPlan } from "../plan/runPlan.js";
import { makefileCommands } from "../project/makefile.js";
import type { ProjectFile } from "../project/projectFiles.js";
import { projectFilesFor } from "./project/projectFilesFor.js";

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
  /** What travels, the file to run first. */
  readonly files: readonly ProjectFile[];
  /** What a person should know before it runs. */
  readonly warnings: readonly string[];
}

/** The document that a run command means: the one it was invoked on, else that of the active editor. */
export async function documentFor(uri: unknown): Promise<vscode.TextDocument> {
  if (uri instanceof vscode.Uri) {
    return vscode.workspace.openTextDocument(uri);
  }
  const document = vscode.window.activeTextEditor?.document ?? (await documentOfTab());
  if (document === undefined) {
    throw new ConfigurationError("editor", l10n.t("No file is open. Open the file to run, then press Run."));
  }
  return document;
}

/** An editor that has just been opened is a tab before it is the active editor: whoever is quick presses ▷ in between. */
async function documentOfTab(): Promise<vscode.TextDocument | undefined> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? vscode.workspace.openTextDocument(input.uri) : undefined;
}

/** How long a save of VS Code's own may take to show, in milliseconds, before the document is saved once more. */
const otherSaveMs = 500;

/**
 * Saves the document, if it needs it. A save that VS Code had just begun by itself, or a key that comes in the middle of ours, makes
 * it say no, though nothing is wrong.
 */
async function isSaved(document: vscode.TextDocument, signal: AbortSignal): Promise<boolean> {
  const isClean = async (): Promise<boolean> =>
    document.isUntitled || !document.isDirty || (await document.save());
  if (await isClean()) {
    return true;
  }
  await delay(otherSaveMs, signal);
  return isClean();
}

/**
 * Saves and reads the document. One that was never saved runs as it is, under its title.
 * @throws {ConfigurationError} when it can't be run or was not saved.
 */
export async function prepare(
  document: vscode.TextDocument,
  signal: AbortSignal,
  options: RunOptions = {},
): Promise<RunDocument> {
  const { uri, languageId } = document;
  const remotePath = remotePathOf(document);
  const name = path.posix.basename(remotePath);
  planRun(languageId, remotePath, options); // what can't be run is not saved either
  if (!(await isSaved(document, signal))) {
    throw new ConfigurationError("file", l10n.t("{0} could not be saved, so it was not run.", name));
  }
  const content = document.isUntitled
    ? new TextEncoder().encode(document.getText())
    : await vscode.workspace.fs.readFile(uri);
  const main = { path: remotePath, size: content.byteLength, read: async () => Promise.resolve(content) };
  const { files, warnings } = await projectFilesFor(uri, main, signal);
  const plan = planIn(languageId, remotePath, { options, paths: files.map((file) => file.path) });
  return {
    ...{ uri, name, languageId, options, remotePath, plan, files, warnings },
    commandLine: plan.commandLine,
    fileHash: createHash("sha256").update(content).digest("hex"),
  };
}

/** A plan as its project has it: with a Makefile, `make` builds what nobody said how to build. */
export function planIn(
  languageId: string,
  remotePath: string,
  { options, paths }: { readonly options: RunOptions; readonly paths: readonly string[] },
): RunPlan {
  const language = languageOf(languageId);
  const isPlain = options.build === undefined && options.exec === undefined;
  const made = isPlain && language ? makefileCommands(language, paths) : undefined;
  return planRun(languageId, remotePath, made ? { ...options, build: made.build, exec: made.exec } : options);
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
