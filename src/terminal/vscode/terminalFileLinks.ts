import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { belowHome, type FileReference, fileReferences } from "../../base/fileReferences.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { showError } from "../../platform/messages.js";
import { showPlace } from "../../platform/showPlace.js";
import { readRemoteFile } from "../../tunnel/readRemoteFile.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import type { SessionTerminals, TerminalSession } from "./sessionTerminals.js";

/** Documents of this scheme are files of sessions, to be read only: `/<session name>/<path>?<session id>`. */
const scheme = "backendai-file";

/** Largest file shown from a link. */
const fileLimitBytes = 5 * 1024 * 1024;

/** How long a file may take to be read, in milliseconds. */
const readingMs = 20_000;

class FileLink extends vscode.TerminalLink {
  constructor(
    readonly reference: FileReference,
    readonly session: TerminalSession,
  ) {
    super(reference.start, reference.length, "Open file of the session");
  }
}

/** What links work with. */
export interface FileLinkDeps {
  readonly account: Account;
  readonly terminals: SessionTerminals;
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
}

/** Makes files that session terminals name into links: to the workspace's own file where it has one, else to the session's. */
export function registerFileLinks({ account, terminals, tunnels, logger }: FileLinkDeps): Disposable {
  const owned = new DisposableStore();
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: async (uri) => {
        const { client, path, sessionId } = await placeOf(uri, account);
        const signal = AbortSignal.timeout(readingMs);
        const bytes = await readRemoteFile(tunnels.ssh(client, sessionId), path, {
          limitBytes: fileLimitBytes,
          signal,
        });
        return bytes.toString("utf8");
      },
    }),
  );
  const provider: vscode.TerminalLinkProvider<FileLink> = {
    provideTerminalLinks: ({ terminal, line }) => {
      const session = terminals.find(terminal)?.session;
      return session === undefined
        ? []
        : fileReferences(line).map((reference) => new FileLink(reference, session));
    },
    handleTerminalLink: async ({ reference, session }) => {
      try {
        await open(reference, session);
      } catch (error) {
        await showError(error, "terminal link", logger);
      }
    },
  };
  owned.add(vscode.window.registerTerminalLinkProvider(provider));
  return owned;
}

async function open({ path, line, column }: FileReference, session: TerminalSession): Promise<void> {
  await showPlace((await workspaceFile(path)) ?? uriOf(path, session), line, column);
}

/** Runs upload files of the workspace by their paths: a message about one is about the file that a person edits. */
async function workspaceFile(path: string): Promise<vscode.Uri | undefined> {
  const relative = belowHome(path);
  for (const folder of relative === undefined ? [] : (vscode.workspace.workspaceFolders ?? [])) {
    const uri = vscode.Uri.joinPath(folder.uri, relative ?? "");
    try {
      await vscode.workspace.fs.stat(uri);
      return uri;
    } catch {
      // the next folder may have it
    }
  }
  return undefined;
}

function uriOf(path: string, session: TerminalSession): vscode.Uri {
  const full = path.startsWith("/") ? path : `/home/work/${belowHome(path) ?? path}`;
  return vscode.Uri.from({ scheme, path: `/${session.name}${full}`, query: session.id });
}

async function placeOf(
  uri: vscode.Uri,
  account: Account,
): Promise<{
  readonly client: Awaited<ReturnType<Account["client"]>>;
  readonly path: string;
  readonly sessionId: string;
}> {
  const path = uri.path.slice(uri.path.indexOf("/", 1));
  return { client: await account.client(), path, sessionId: uri.query };
}
