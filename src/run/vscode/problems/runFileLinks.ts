import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { belowHome, fileReferences } from "../../../base/fileReferences.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { openSessionFile, type SessionFile } from "../../../files/vscode/provider/openSessionFile.js";
import { showError } from "../../../platform/messages.js";
import { showPlace } from "../../../platform/showPlace.js";
import type { PathMap } from "../../problems/pathMap.js";

/** Links made of one line; more are no message of a program. */
const linkLimit = 10;

/** Where a link leads: to a document here, or to a file of the session. */
interface LinkPlace {
  readonly target: vscode.Uri | SessionFile;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

class RunFileLink extends vscode.TerminalLink {
  constructor(
    start: number,
    length: number,
    readonly place: LinkPlace,
  ) {
    super(
      start,
      length,
      place.target instanceof vscode.Uri ? l10n.t("Open file") : l10n.t("Open file of the session"),
    );
  }
}

/** What ran last in a terminal. */
interface LastRun {
  readonly map: PathMap;
  /** The name of its session, where it is known. */
  readonly session: string | undefined;
}

/** What links of runs work with. */
export interface RunFileLinkDeps {
  readonly account: Account;
  /** `undefined` for a terminal that is no run's. */
  readonly lastRun: (terminal: vscode.Terminal) => LastRun | undefined;
  readonly logger: Logger;
}

/**
 * Makes places that the output of runs names into links: to what the run sent, and to files that the workspace folder has at that
 * place; other absolute paths lead to the files of the session.
 */
export function registerRunFileLinks({ account, lastRun, logger }: RunFileLinkDeps): Disposable {
  const provider: vscode.TerminalLinkProvider<RunFileLink> = {
    provideTerminalLinks: async ({ terminal, line }) => {
      const last = lastRun(terminal);
      return last === undefined ? [] : linksIn(line, last);
    },
    handleTerminalLink: async ({ place: { target, line, column } }) => {
      try {
        await (target instanceof vscode.Uri
          ? showPlace(target, line, column)
          : openSessionFile(account, target, { line, column }));
      } catch (error) {
        await showError(error, "link of a run", logger); // for programs
      }
    },
  };
  return vscode.window.registerTerminalLinkProvider(provider);
}

async function linksIn(text: string, { map, session }: LastRun): Promise<RunFileLink[]> {
  const references = fileReferences(text).slice(0, linkLimit);
  const links = await Promise.all(
    references.map(async ({ start, length, path, line, column }) => {
      const target = (await documentAt(path, map)) ?? sessionFile(path, session);
      return target && new RunFileLink(start, length, { target, line, column });
    }),
  );
  return links.filter((link) => link !== undefined);
}

async function documentAt(path: string, map: PathMap): Promise<vscode.Uri | undefined> {
  const text = map.localUri(path);
  const uri = text === undefined ? undefined : vscode.Uri.parse(text);
  return uri !== undefined && (map.isSent(path) || (await exists(uri))) ? uri : undefined;
}

/** What is no absolute path may be anything. */
function sessionFile(path: string, session: string | undefined): SessionFile | undefined {
  return session !== undefined && path.startsWith("/")
    ? { session, path: belowHome(path) ?? path }
    : undefined;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
