import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { belowHome, type FileReference, fileReferences } from "../../base/fileReferences.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { openSessionFile } from "../../files/vscode/provider/openSessionFile.js";
import { showError } from "../../platform/messages.js";
import { showPlace } from "../../platform/showPlace.js";
import type { SessionTerminals, TerminalSession } from "./sessionTerminals.js";

class FileLink extends vscode.TerminalLink {
  constructor(
    readonly reference: FileReference,
    readonly session: TerminalSession,
  ) {
    super(reference.start, reference.length, l10n.t("Open file of the session"));
  }
}

/** What links work with. */
export interface FileLinkDeps {
  readonly account: Account;
  readonly terminals: SessionTerminals;
  readonly logger: Logger;
}

/** Makes files that session terminals name into links: to the workspace's own file where it has one, else to the session's. */
export function registerFileLinks({ account, terminals, logger }: FileLinkDeps): Disposable {
  const provider: vscode.TerminalLinkProvider<FileLink> = {
    provideTerminalLinks: ({ terminal, line }) => {
      const session = terminals.find(terminal)?.session;
      return session === undefined
        ? []
        : fileReferences(line).map((reference) => new FileLink(reference, session));
    },
    handleTerminalLink: async ({ reference, session }) => {
      try {
        await open(account, reference, session);
      } catch (error) {
        await showError(error, "terminal link", logger); // for programs
      }
    },
  };
  return vscode.window.registerTerminalLinkProvider(provider);
}

async function open(
  account: Account,
  { path, line, column }: FileReference,
  session: TerminalSession,
): Promise<void> {
  const own = await workspaceFile(path);
  if (own === undefined) {
    await openSessionFile(
      account,
      { session: session.name, path: belowHome(path) ?? path },
      { line, column },
    );
  } else {
    await showPlace(own, line, column);
  }
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
