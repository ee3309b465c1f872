import * as vscode from "vscode";
import { fileReferences } from "../../../base/fileReferences.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { showError } from "../../../platform/messages.js";
import { showPlace } from "../../../platform/showPlace.js";
import type { PathMap } from "../../problems/pathMap.js";

/** Links made of one line; more are no message of a program. */
const linkLimit = 10;

class RunFileLink extends vscode.TerminalLink {
  constructor(
    start: number,
    length: number,
    readonly place: { readonly uri: vscode.Uri; readonly line?: number; readonly column?: number },
  ) {
    super(start, length, "Open file");
  }
}

/**
 * Makes places that the output of runs names into links to the documents here: to what the run sent, and to files that the
 * workspace folder has at that place. Files that are only in the session get no link.
 * @param pathMapOf The places of the last run in a terminal; `undefined` for a terminal that is no run's.
 */
export function registerRunFileLinks(
  pathMapOf: (terminal: vscode.Terminal) => PathMap | undefined,
  logger: Logger,
): Disposable {
  const provider: vscode.TerminalLinkProvider<RunFileLink> = {
    provideTerminalLinks: async ({ terminal, line }) => {
      const map = pathMapOf(terminal);
      return map === undefined ? [] : linksIn(line, map);
    },
    handleTerminalLink: async ({ place: { uri, line, column } }) => {
      try {
        await showPlace(uri, line, column);
      } catch (error) {
        await showError(error, "link of a run", logger);
      }
    },
  };
  return vscode.window.registerTerminalLinkProvider(provider);
}

async function linksIn(text: string, map: PathMap): Promise<RunFileLink[]> {
  const references = fileReferences(text).slice(0, linkLimit);
  const links = await Promise.all(
    references.map(async ({ start, length, path, line, column }) => {
      const uri = map.localUri(path);
      if (uri === undefined || !(map.isSent(path) || (await exists(vscode.Uri.parse(uri))))) {
        return undefined;
      }
      const at = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
      return new RunFileLink(start, length, { uri: vscode.Uri.parse(uri), ...at });
    }),
  );
  return links.filter((link) => link !== undefined);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
