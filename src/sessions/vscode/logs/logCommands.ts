import { copyFile } from "node:fs/promises";
import path from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { serverIdOf } from "../../../account/target.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import { formatBytes } from "../../../base/text.js";
import { withProgress } from "../../../platform/progress.js";
import { logAddress, type ServerLog } from "../../logs/logAddress.js";
import { logScheme } from "../../../platform/contributedIds.js";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import { showSaveDialog } from "../../../platform/shown/dialogs.js";
import { plainText } from "../../logs/logScreen.js";
import { fetchLog } from "../../logs/taskLogFile.js";
import { inWords, wordOf } from "../../sessionTree.js";
import { pickSession, type PickSessionDeps } from "../pickSession.js";
import { type LogDocuments, type OpenLog, showEnd } from "./logDocuments.js";
import type { LogDeps } from "./logDeps.js";

/** Bytes of one piece of a task's log. */
const pieceBytes = 256 * 1024;

/** What these commands work with. */
interface LogCommandDeps extends LogDeps {
  readonly documents: () => Promise<LogDocuments>;
}

/** A session whose log is shown, on its server. */
interface Subject {
  readonly client: BackendAIClient;
  readonly session: SessionSummary;
}

/** Shows what the programs of a container printed, and what they print while the document is on show. */
async function showLog(deps: PickSessionDeps, clicked: unknown, signal: AbortSignal): Promise<void> {
  const subject = await pickSession(deps, { clicked, placeHolder: l10n.t("Log of which session?"), signal });
  const container = subject && (await pickContainer(subject, signal));
  if (subject !== undefined && container !== undefined) {
    const { session } = subject;
    const title = container.name === undefined ? session.name : `${session.name} ${container.name}`;
    const log = { kind: "container", sessionId: session.id, kernelId: container.kernelId } as const;
    await show({ ...log, server: serverOf(deps) }, title);
  }
}

/** Shows what the command of a batch session printed; what is too large for an editor becomes a file. */
async function showTaskLog(deps: LogDeps, clicked: unknown, signal: AbortSignal): Promise<void> {
  const isBatch = ({ type }: SessionSummary): boolean => type === "batch";
  const placeHolder = l10n.t("Task log of which batch session?");
  const subject = await pickSession(deps, { clicked, placeHolder, signal, fits: isBatch });
  if (subject === undefined) {
    return;
  }
  const { client, session } = subject;
  if (!isBatch(session)) {
    throw new ConfigurationError(
      "log",
      l10n.t("{0} is no batch session: its output is in Show Session Log.", session.name),
    );
  }
  const kernelId = session.mainKernelId ?? session.id;
  const fetched = await withProgress(
    l10n.t("Task log of {0}", session.name),
    (fetching, report) =>
      fetchLog(client.sessions.taskLogs(kernelId, { chunkSize: pieceBytes }, { signal: fetching }), {
        folder: path.join(deps.globalStorage, "logs"),
        name: `${session.name}-${session.id}`,
        onProgress: (bytes) => report(formatBytes(bytes)),
      }),
    signal,
  ).catch((error: unknown) => {
    if (signal.aborted || (error instanceof Error && error.name === "AbortError")) {
      throw error;
    }
    return { kind: "small" } as const; // the document says in words why there is none
  });
  if (fetched.kind === "small") {
    const log = { kind: "task", sessionId: session.id, kernelId, server: serverOf(deps) } as const;
    await show(log, `${session.name} task`);
  } else {
    await offerFile(session, fetched.file, fetched.bytes);
  }
}

/** Saves all that the server has of the log in the editor, without escape sequences; else what the editor shows. */
async function saveLog(deps: LogCommandDeps, clicked: unknown, signal: AbortSignal): Promise<void> {
  const uri = logUri(clicked);
  const open = (await deps.documents()).find(uri);
  if (uri === undefined || open === undefined) {
    throw new ConfigurationError("log", l10n.t("Open a log first: Show Log in the menu of a session."));
  }
  const target = await askTarget(path.posix.basename(uri.path));
  if (target !== undefined) {
    const text = await withProgress(
      l10n.t("Saving the log"),
      (saving) => wholeText(deps, open, saving),
      signal,
    );
    await vscode.workspace.fs.writeFile(target, text);
  }
}

async function wholeText(deps: LogDeps, { log, content }: OpenLog, signal: AbortSignal): Promise<Uint8Array> {
  const { state } = deps.account.connection;
  if (state.phase !== "connected" || serverIdOf(state.target) !== log.server) {
    return content;
  }
  const { sessions } = state.client;
  try {
    if (log.kind === "container") {
      const options = log.kernelId === undefined ? {} : { kernelId: log.kernelId };
      return Buffer.from(plainText(await sessions.logs(log.sessionId, options, { signal })));
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of sessions.taskLogs(log.kernelId ?? "", { chunkSize: pieceBytes }, { signal })) {
      pieces.push(Uint8Array.from(piece));
    }
    return Buffer.from(plainText(Buffer.concat(pieces).toString()));
  } catch (error) {
    signal.throwIfAborted();
    deps.logger.warn(`the log is saved as it is shown: ${String(error)}`);
    return content;
  }
}

async function show(log: ServerLog, title: string): Promise<void> {
  const uri = vscode.Uri.from(logAddress(log, title));
  const document = await vscode.workspace.openTextDocument(uri);
  showEnd(await vscode.window.showTextDocument(document, { preview: true }));
}

/** Which container of a cluster; of the only one there is nothing to choose, and older servers tell of the main one alone. */
async function pickContainer(
  { client, session }: Subject,
  signal: AbortSignal,
): Promise<{ readonly kernelId: string | undefined; readonly name: string | undefined } | undefined> {
  const main = { kernelId: undefined, name: undefined };
  if (!client.dialect.can.containerLogsByKernel) {
    return main;
  }
  const { containers } = await client.sessions
    .record(session.id, { signal })
    .catch(() => ({ containers: [] }));
  if (containers.length < 2) {
    return main;
  }
  const items = containers.map((container, index) => {
    const { cluster_hostname: name, cluster_role: role, status } = container;
    const called = [name, role].find((word) => typeof word === "string" && word !== "");
    return {
      label: typeof called === "string" ? called : l10n.t("container {0}", index + 1),
      description: inWords([
        typeof role === "string" ? role.toLowerCase() : "",
        typeof status === "string" ? wordOf(status) : "",
      ]),
      kernelId: String(container["id"]),
    };
  });
  const picked = await showQuickPick(items, { placeHolder: l10n.t("Log of which container?") });
  return picked && { kernelId: picked.kernelId, name: picked.label };
}

async function offerFile(session: SessionSummary, file: string, bytes: number): Promise<void> {
  const message = l10n.t("The task log of {0} has {1}.", session.name, formatBytes(bytes));
  const openIt = l10n.t("Open");
  const saveAs = l10n.t("Save As…");
  const choice = await showInformationMessage(message, openIt, saveAs);
  if (choice === openIt) {
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));
  } else if (choice === saveAs) {
    const target = await askTarget(path.basename(file));
    if (target?.scheme === "file") {
      await copyFile(file, target.fsPath);
    } else if (target !== undefined) {
      await vscode.workspace.fs.copy(vscode.Uri.file(file), target, { overwrite: true });
    }
  }
}

async function askTarget(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme !== logScheme)?.uri;
  return showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    title: l10n.t("Save {0}", name),
    filters: { [l10n.t("Logs")]: ["log", "txt"] },
  });
}

function serverOf({ account }: PickSessionDeps): string {
  const { state } = account.connection;
  return state.phase === "disconnected" ? "" : serverIdOf(state.target);
}

async function setFollowed(
  { documents }: LogCommandDeps,
  clicked: unknown,
  isFollowed: boolean,
): Promise<void> {
  const uri = logUri(clicked);
  if (uri !== undefined) {
    (await documents()).setFollowed(uri, isFollowed);
  }
}

/** Menus of an editor's title hand over its address. */
function logUri(clicked: unknown): vscode.Uri | undefined {
  const uri = clicked instanceof vscode.Uri ? clicked : vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === logScheme ? uri : undefined;
}

/** The commands on logs, by the last part of their ids. */
export const logCommands = {
  showLog,
  showTaskLog,
  saveLog,
  followLog: async (deps: LogCommandDeps, clicked: unknown) => setFollowed(deps, clicked, true),
  pauseLog: async (deps: LogCommandDeps, clicked: unknown) => setFollowed(deps, clicked, false),
} as const;
