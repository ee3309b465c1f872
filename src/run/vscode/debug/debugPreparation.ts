import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { ConfigurationError } from "../../../base/errors.js";
import type { SessionFeed } from "../../../sessions/sessionFeed.js";
import type { SessionStore } from "../../../sessions/sessionStore.js";
import { readRemoteFile } from "../../../tunnel/readRemoteFile.js";
import type { SessionTunnels } from "../../../tunnel/sessionTunnels.js";
import { adapterOrInstall } from "../../debug/adapter/adapterOrInstall.js";
import type { DebugPlace } from "../../debug/debugConversation.js";
import { namedSession } from "../../../sessions/namedSession.js";
import { launchArguments, pythonOf } from "../../debug/launchArguments.js";
import { SessionSources } from "../../debug/sessionSources.js";
import { headLine } from "../../screen/runScreen.js";
import type { ProjectSender } from "../../project/projectSender.js";
import { prepare, type RunDocument } from "../runDocument.js";
import { checkTrust, placeWords } from "../runPlace.js";
import type { RunSessions } from "../runSession.js";
import type { DebugTerminals } from "./debugTerminal.js";
import { offerInstall } from "./offerInstall.js";

/** Characters of sources are read whole by VS Code; nobody reads larger ones, in bytes. */
const sourceLimitBytes = 4 * 1024 * 1024;

/** What getting a session ready works with. */
export interface DebugPreparationDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly sessions: RunSessions;
  readonly tunnels: SessionTunnels;
  readonly project: ProjectSender;
  readonly terminals: DebugTerminals;
}

/** One start of debugging. */
export interface DebugStart {
  readonly configuration: vscode.DebugConfiguration;
  readonly folder: vscode.WorkspaceFolder | undefined;
  readonly signal: AbortSignal;
  /** Tells a step to who waits. */
  readonly say: (text: string) => void;
}

interface Chosen {
  readonly document: RunDocument;
  readonly client: BackendAIClient;
  readonly session: SessionSummary;
}

/**
 * From a configuration to debugpy that waits in a session: saves, connects, chooses the session, sends the file.
 * @throws {ConfigurationError} and all that the steps throw; an abort when the person closed a question.
 */
export async function prepareDebug(deps: DebugPreparationDeps, start: DebugStart): Promise<DebugPlace> {
  const { configuration, signal, say } = start;
  const chosen = await choose(deps, start);
  const { document, client, session } = chosen;
  say(l10n.t("Sending {0} to {1}…", document.name, placeWords(deps.account, session)));
  await deps.project.send(client, session.id, document.files, { signal });
  const lease = await deps.tunnels.ssh(client, session.id).acquire(signal);
  try {
    say(l10n.t("Starting debugpy…"));
    const { connection } = lease;
    const adapter = await adapterOrInstall(
      { connection, python: pythonOf(configuration), sessionName: session.name, signal },
      async (install) => offerInstall(session.name, install, signal),
    );
    return {
      ...adapter,
      connection,
      lease,
      name: document.name,
      ...placeOf(deps, start, chosen, adapter.home),
    };
  } catch (error) {
    lease.dispose();
    throw error;
  }
}

async function choose(deps: DebugPreparationDeps, { configuration, signal }: DebugStart): Promise<Chosen> {
  checkTrust(deps.account);
  const document = await prepare(await pythonDocument(configuration["program"]), signal);
  const client = await connectWithProgress(deps.account, signal);
  const wanted: unknown = configuration["session"];
  const session =
    typeof wanted === "string" && wanted !== ""
      ? await sessionNamed(deps, wanted, signal)
      : await deps.sessions.sessionFor(document.plan.language, client, signal);
  if (session === undefined) {
    throw new DOMException(l10n.t("No session was chosen."), "AbortError");
  }
  return { document, client, session };
}

/** What depends on where the file is, here and in the session. */
function placeOf(
  deps: DebugPreparationDeps,
  { configuration, folder, signal }: DebugStart,
  { document, client, session }: Chosen,
  home: string,
): Pick<DebugPlace, "launchArguments" | "sources" | "openScreen"> {
  const { uri, name, plan } = document;
  const local = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, "..");
  const folders = { local: pathFor(local), remote: home };
  const { remotePath } = plan;
  const ssh = deps.tunnels.ssh(client, session.id);
  const again = (): void => void vscode.debug.startDebugging(folder, configuration);
  return {
    launchArguments: launchArguments({ configuration, folders, remotePath, platform: process.platform }),
    sources: new SessionSources({
      folders,
      exists,
      read: async (file) =>
        (await readRemoteFile(ssh, file, { limitBytes: sourceLimitBytes, signal })).toString(),
    }),
    openScreen: () => {
      const terminal = deps.terminals.free(uri.toString(), name);
      const commandLine = `${pythonOf(configuration)} ${remotePath}`;
      terminal.begin(headLine(commandLine, placeWords(deps.account, session)), again);
      return terminal;
    },
  };
}

/** The document of a configuration's program, saved before. */
async function pythonDocument(program: unknown): Promise<vscode.TextDocument> {
  if (typeof program !== "string" || program === "") {
    throw new ConfigurationError(
      "program",
      l10n.t("The debug configuration names no “program”. Say ${file} for the file in front."),
    );
  }
  const uri = uriOf(program);
  const open = vscode.workspace.textDocuments.find((document) => pathFor(document.uri) === pathFor(uri));
  const document = open ?? (await openedAt(uri, program));
  if (document.languageId !== "python") {
    const name = path.posix.basename(document.uri.path);
    throw new ConfigurationError(
      "program",
      l10n.t("{0} is no Python file: only Python can be debugged in a session.", name),
    );
  }
  return document;
}

async function openedAt(uri: vscode.Uri, program: string): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw new ConfigurationError(
      "program",
      l10n.t("{0} can't be opened, so it can't be debugged.", program),
      {
        cause: error,
      },
    );
  }
}

async function sessionNamed(
  { store, feed }: DebugPreparationDeps,
  name: string,
  signal: AbortSignal,
): Promise<SessionSummary> {
  await feed.refresh(signal);
  return namedSession(store.snapshot.sessions, name);
}

/** As VS Code writes the places of breakpoints. */
function pathFor(uri: vscode.Uri): string {
  return uri.scheme === "file" ? uri.fsPath : uri.toString();
}

function uriOf(place: string): vscode.Uri {
  return /^[a-z][\w+.-]+:\/\//i.test(place) ? vscode.Uri.parse(place) : vscode.Uri.file(place);
}

async function exists(localPath: string): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uriOf(localPath));
    return true;
  } catch {
    return false;
  }
}
