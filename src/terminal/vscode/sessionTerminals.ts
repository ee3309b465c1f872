import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { type ConnectionTarget, isSameTarget, targetLabel } from "../../account/target.js";
import type { BackendAIClient } from "../../api/index.js";
import { deadline } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { wordsFor } from "../../platform/describeError.js";
import { settings } from "../../platform/settings.js";
import { createTerminal } from "../../platform/shown/terminal.js";
import { showInformationMessage } from "../../platform/shown/notifications.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import { RungMemory } from "../rungMemory.js";
import type { SavedTerminals } from "../savedTerminals.js";
import { endShell } from "../sessionShells.js";
import { SessionTerminal } from "../sessionTerminal.js";
import { SessionOverError } from "../../sessions/sessionPresence.js";
import type { ConnectedServer } from "../connectedServer.js";
import { SessionPty } from "./sessionPty.js";

/** How long ending a shell may take after its tab was closed, in milliseconds. */
const endingMs = 5000;

/** What terminals work with. */
export interface SessionTerminalsDeps {
  readonly account: Account;
  readonly tunnels: SessionTunnels;
  readonly saved: SavedTerminals;
  readonly logger: Logger;
  /** Told of an error that ended a terminal for good. */
  readonly onDidStop: (error: unknown, session: TerminalSession) => void;
  /** Watches for a session's new ports while a terminal of it is open. */
  readonly watchPorts: (client: BackendAIClient, session: TerminalSession) => Disposable;
}

/** The session of a terminal. */
export interface TerminalSession {
  readonly id: string;
  readonly name: string;
}

/** Which terminal to open. */
export interface TerminalRequest {
  readonly client: BackendAIClient;
  readonly session: TerminalSession;
  /** The tmux session to enter; a new one when absent. */
  readonly shellName?: string | undefined;
  /** Where a new shell starts; the home when absent. */
  readonly folder?: string | undefined;
}

interface Entry {
  readonly pty: SessionPty;
  readonly session: TerminalSession;
  readonly shellName: string;
  readonly endpoint: string;
  readonly owned: DisposableStore;
}

/** The session terminals of a window. */
export class SessionTerminals implements Disposable {
  readonly #deps: SessionTerminalsDeps;
  readonly #memory = new RungMemory();
  readonly #entries = new Set<Entry>();
  readonly #owned = new DisposableStore();

  constructor(deps: SessionTerminalsDeps) {
    this.#deps = deps;
    this.#owned.add(vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)));
  }

  /** Opens a terminal in VS Code's panel. */
  show(request: TerminalRequest, { preserveFocus = false } = {}): void {
    createTerminal(this.options(request)).show(preserveFocus);
  }

  /** A terminal for VS Code to open. It connects when it is opened. */
  options(request: TerminalRequest): vscode.ExtensionTerminalOptions {
    const { session } = request;
    return {
      name: session.name,
      pty: this.#makePty(request),
      iconPath: new vscode.ThemeIcon("vm-connect"),
      isTransient: true, // VS Code would bring back a dead tab; our own list brings back a living one
    };
  }

  /** What our terminal in VS Code is; `undefined` for terminals of others. */
  find(terminal: vscode.Terminal | undefined): Entry | undefined {
    return [...this.#entries].find(({ pty }) => pty === ptyOf(terminal));
  }

  dispose(): void {
    for (const { pty, owned } of this.#entries) {
      pty.close();
      owned.dispose();
    }
    this.#owned.dispose();
  }

  #makePty({ client, session, shellName, folder }: TerminalRequest): SessionPty {
    const { account, saved, logger, onDidStop, watchPorts } = this.#deps;
    const target = account.defaultTarget();
    const name = shellName ?? `vscode-${randomBytes(3).toString("hex")}`;
    const isLocal = target.kind === "local";
    const pty = new SessionPty(
      session.name,
      (screen) =>
        new SessionTerminal({
          session,
          shell: { name, folder },
          wantsOwnShell: shellName !== undefined || folder !== undefined,
          screen,
          server: (signal) => serverOf(target, this.#deps, { sessionId: session.id, signal }),
          memory: this.#memory,
          preference: () => settings.terminalConnection(),
          keepAliveMs: () => settings.terminalKeepAliveSeconds() * 1000,
          describe: wordsFor,
          logger,
          onDidStop: (error) => onDidStop(error, session),
          onDidMissFolder: () => tellOfMissingFolder(folder ?? "", session),
          onDidChange: (state) => {
            pty.setWaiting(state.phase === "waiting");
            if (state.phase === "open" && state.keepsScreen && state.rung !== "pty" && !isLocal) {
              const { id: sessionId, name: sessionName } = session;
              saved.keep({ endpoint: client.endpoint, sessionId, sessionName, shellName: name });
            }
          },
        }),
    );
    const owned = new DisposableStore();
    owned.add(watchPorts(client, session));
    this.#entries.add({ pty, session, shellName: name, endpoint: client.endpoint, owned });
    return pty;
  }

  /** A tab that a person closed ends its shell, as it does with any other terminal; one that VS Code closes with the window not. */
  #closed(terminal: vscode.Terminal): void {
    const entry = this.find(terminal);
    if (entry === undefined) {
      return;
    }
    this.#entries.delete(entry);
    entry.owned.dispose();
    const reason = terminal.exitStatus?.reason;
    if (reason !== vscode.TerminalExitReason.Shutdown) {
      this.#deps.saved.forget(entry.shellName);
    }
    if (reason === vscode.TerminalExitReason.User) {
      void this.#endShell(entry);
    }
  }

  async #endShell({ session, shellName, pty }: Entry): Promise<void> {
    const { account, tunnels, logger } = this.#deps;
    const { state } = account.connection;
    if (state.phase !== "connected" || pty.terminal?.mayHaveShell !== true) {
      return;
    }
    const limit = deadline(endingMs, "total", "Ending a shell");
    try {
      await endShell(tunnels.ssh(state.client, session.id), shellName, limit.signal);
    } catch (error) {
      logger.warn(`shell ${shellName} of ${session.name} may go on: ${messageOf(error)}`);
    } finally {
      limit.clear();
    }
  }
}

/** The server of a terminal as it is connected now, or once it is. */
async function serverOf(
  target: ConnectionTarget,
  { account, tunnels }: SessionTerminalsDeps,
  { sessionId, signal }: { readonly sessionId: string; readonly signal: AbortSignal },
): Promise<ConnectedServer> {
  const { state } = account.connection;
  if (state.phase === "disconnected" || !isSameTarget(state.target, target)) {
    throw new SessionOverError(l10n.t("{0} was left.", targetLabel(target)));
  }
  if (state.phase === "failed" && target.kind === "local") {
    throw new SessionOverError(l10n.t("The local engine has stopped, and its sessions with it."));
  }
  const client = await account.connection.connect(target, signal);
  return { client, ssh: tunnels.ssh(client, sessionId) };
}

function ptyOf(terminal: vscode.Terminal | undefined): vscode.Pseudoterminal | undefined {
  return terminal && "pty" in terminal.creationOptions ? terminal.creationOptions.pty : undefined;
}

function tellOfMissingFolder(folder: string, session: TerminalSession): void {
  void showInformationMessage(
    l10n.t("Session {0} has no folder {1}. The terminal is in the home folder.", session.name, folder),
  );
}
