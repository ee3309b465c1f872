import * as l10n from "@vscode/l10n";
import path from "node:path";
import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { ConfigurationError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Commands } from "../../platform/commands.js";
import { withProgress } from "../../platform/progress.js";
import { type PickItem, showQuickPick } from "../../platform/shown/quickPick.js";
import { showWarningMessage } from "../../platform/shown/notifications.js";
import { isBranchItem } from "../../sessions/sessionBranches.js";
import type { SessionFeed } from "../../sessions/sessionFeed.js";
import type { SessionStarter } from "../../sessions/sessionStarter.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { newSession } from "../../sessions/vscode/newSession.js";
import { runningSession } from "../../sessions/vscode/runningSession.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import { listShells, type SessionShell } from "../sessionShells.js";
import type { SessionTerminals, TerminalRequest } from "./sessionTerminals.js";

/** What terminal commands work with. */
export interface TerminalCommandDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly tunnels: SessionTunnels;
  readonly terminals: SessionTerminals;
}

/** Commands on terminals: open, open in a folder, enter one that is there, start its processes anew. */
export function registerTerminalCommands(commands: Commands, deps: TerminalCommandDeps): Disposable[] {
  const { terminals } = deps;
  return [
    commands.register("backendai.terminal.open", async (signal, clicked) => {
      const request = await requestFor(deps, signal, clicked);
      if (request !== undefined) {
        terminals.show(request);
      }
    }),
    commands.register("backendai.terminal.openHere", async (signal, clicked, path) => {
      const isRow = isBranchItem(clicked) && typeof path === "string";
      const folder = isRow ? path : remoteFolderOf(clicked);
      const request = await requestFor(deps, signal, isRow ? clicked : undefined);
      if (request !== undefined) {
        terminals.show({ ...request, folder });
      }
    }),
    commands.register("backendai.terminal.attach", (signal, clicked) => attach(deps, signal, clicked)),
    commands.register("backendai.terminal.restart", () => restart(terminals)),
  ];
}

/** Which terminal a person means; `undefined` when they closed a question. Where no session runs, one is started. */
export async function requestFor(
  deps: TerminalCommandDeps,
  signal: AbortSignal,
  clicked?: unknown,
): Promise<TerminalRequest | undefined> {
  return runningSession(deps, {
    clicked,
    placeHolder: l10n.t("In which session should the terminal be?"),
    start: (client, starting) => newSession(deps, client, starting),
    signal,
  });
}

async function attach(deps: TerminalCommandDeps, signal: AbortSignal, clicked: unknown): Promise<void> {
  const placeHolder = l10n.t("In which session is the terminal?");
  const chosen = await runningSession(deps, { clicked, placeHolder, signal });
  if (chosen === undefined) {
    return;
  }
  const { client, session } = chosen;
  const shells = await withProgress(
    l10n.t("Looking for terminals in {0}", session.name),
    (looking) => listShells(deps.tunnels.ssh(client, session.id), looking),
    signal,
  );
  if (shells.length === 0) {
    throw new ConfigurationError(
      "terminal",
      l10n.t("No terminal is open in {0} that could be entered.", session.name),
    );
  }
  const items = shells.map((shell) => ({ ...wordsOf(shell), shell }));
  const picked = await showQuickPick(items, {
    placeHolder: l10n.t("Which terminal should be entered?"),
  });
  if (picked !== undefined) {
    deps.terminals.show({ client, session, shellName: picked.shell.name });
  }
}

function wordsOf({ name, clients, lastUsed, program, title }: SessionShell): PickItem {
  const time = lastUsed.toLocaleString();
  return {
    label: program,
    description: title === program ? name : `${title} · ${name}`,
    detail:
      clients === 0
        ? l10n.t("Last used {0}, on no screen", time)
        : clients === 1
          ? l10n.t("Last used {0}, on 1 screen", time)
          : l10n.t("Last used {0}, on {1} screens", time, clients),
  };
}

async function restart(terminals: SessionTerminals): Promise<void> {
  const terminal = terminals.find(vscode.window.activeTerminal)?.pty.terminal;
  if (terminal?.canRestart !== true) {
    throw new ConfigurationError(
      "terminal",
      l10n.t(
        "The active terminal can't start its session anew: only one that shows the server's own terminal can.",
      ),
    );
  }
  const question = l10n.t("Start all processes of this session anew?");
  const detail = l10n.t("Everything that runs in it ends. Its files stay.");
  const verb = l10n.t("Restart");
  if ((await showWarningMessage(question, { modal: true, detail }, verb)) === verb) {
    await terminal.restart();
  }
}

/** Where files of a workspace folder are in a session: below the home, by the paths that runs upload them to. */
function remoteFolderOf(uri: unknown): string | undefined {
  if (!(uri instanceof vscode.Uri)) {
    return undefined;
  }
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const relative = folder === undefined ? "" : path.posix.relative(folder.uri.path, uri.path);
  return relative === "" ? undefined : relative;
}
