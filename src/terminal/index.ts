import * as vscode from "vscode";
import type { Account } from "../account/account.js";
import type { BackendAIClient } from "../api/index.js";
import { messageOf } from "../base/errors.js";
import type { KeyValueStore } from "../base/keyValueStore.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { Commands } from "../platform/commands.js";
import type { Contributions } from "../platform/contributions/contributions.js";
import { settings } from "../platform/settings.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStarter } from "../sessions/sessionStarter.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionsInView } from "../sessions/usage/sessionsInView.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { SavedTerminals } from "./savedTerminals.js";
import { restoreTerminals } from "./vscode/restoreTerminals.js";
import { SessionTerminals, type TerminalSession } from "./vscode/sessionTerminals.js";
import { registerTerminalCommands } from "./vscode/terminalCommands.js";
import { registerFileLinks } from "./vscode/terminalFileLinks.js";
import { TerminalProfileProvider } from "./vscode/terminalProfile.js";

/** What terminals work with. */
export interface TerminalDeps {
  readonly commands: Commands;
  readonly contributions: Contributions;
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  readonly tunnels: SessionTunnels;
  /** Told which session the active terminal is in. */
  readonly inView: SessionsInView;
  readonly logger: Logger;
  /** Keeps the list of open terminals of this workspace. */
  readonly state: KeyValueStore;
  /** Told of an error that ended a terminal for good. */
  readonly onDidStop: (error: unknown, session: TerminalSession) => void;
  /** Watches for a session's new ports while a terminal of it is open. */
  readonly watchPorts: (client: BackendAIClient, session: TerminalSession) => Disposable;
}

/** Terminals of sessions: commands, a profile, and those that were open when the window was closed. */
export function registerTerminal(deps: TerminalDeps): Disposable {
  const { commands, account, logger, state } = deps;
  const owned = new DisposableStore();
  const saved = new SavedTerminals(state, logger);
  const terminals = owned.add(new SessionTerminals({ ...deps, saved }));
  for (const command of registerTerminalCommands(commands, { ...deps, terminals })) {
    owned.add(command);
  }
  owned.add(
    deps.inView.add({
      current: () => terminals.find(vscode.window.activeTerminal)?.session.id,
      onDidChange: vscode.window.onDidChangeActiveTerminal,
    }),
  );
  owned.add(registerFileLinks({ ...deps, terminals }));
  owned.add(deps.contributions.terminals.provide(new TerminalProfileProvider({ ...deps, terminals })));
  if (settings.terminalRestore()) {
    restoreTerminals({ account, saved, terminals, logger }).catch((error: unknown) => {
      logger.warn(`terminals did not come back: ${messageOf(error)}`);
    });
  }
  return owned;
}
