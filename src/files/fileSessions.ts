import * as l10n from "@vscode/l10n";
import type { Account } from "../account/account.js";
import { serverIdOf } from "../account/target.js";
import type { BackendAIClient, SessionSummary } from "../api/index.js";
import type { Disposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { FormerNames } from "../sessions/lifecycle/formerNames.js";
import type { SessionFeed } from "../sessions/sessionFeed.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { phaseOf } from "../wire/status.js";
import type { FileAccess } from "./access/fileAccess.js";
import { FileAccessError } from "./access/fileAccessError.js";
import { openSessionFiles } from "./access/sessionFiles.js";
import type { FilePlace } from "./filePlace.js";
import type { WayChoice } from "./access/ways/routedAccess.js";
import { SessionSftp } from "./sftp/sessionSftp.js";

/** What finding the session of a file works with. */
export interface FileSessionsParts {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly tunnels: SessionTunnels;
  /** Under which names addresses may still have sessions that were renamed. */
  readonly formerNames?: Pick<FormerNames, "idOf">;
  /** By which ways files may be reached; else by all that need nobody's consent. */
  readonly ways?: WayChoice;
  readonly logger: Logger;
}

/** A session whose files are used. */
export interface OpenedFiles {
  readonly client: BackendAIClient;
  readonly session: SessionSummary;
  readonly access: FileAccess;
}

/** Which session an address means, and the way to its files. One for the whole window; who makes it disposes it. */
export class FileSessions implements Disposable {
  readonly #parts: FileSessionsParts;
  readonly #accesses = new WeakMap<BackendAIClient, Map<string, Promise<FileAccess>>>();
  readonly #hook: Disposable;
  readonly sftp: SessionSftp;

  constructor(parts: FileSessionsParts) {
    this.#parts = parts;
    this.sftp = new SessionSftp(parts.tunnels, parts.logger);
    this.#hook = parts.store.onDidEnd((id) => this.#forget(id));
  }

  /**
   * Connects where there is no connection; a local engine that has ended is not started again, as its sessions ended with it.
   * @throws {FileAccessError} (`unavailable`) when another server is in use, or no running session has that name or id.
   */
  async open({ server, session, path }: FilePlace, signal: AbortSignal): Promise<OpenedFiles> {
    const client = await this.#client(server, path, signal);
    const found = await this.#session(session, signal);
    if (found === undefined) {
      throw new FileAccessError(
        "unavailable",
        path,
        l10n.t("No session {0} is running on {1}.", session, server),
      );
    }
    return { client, session: found, access: await this.accessOf(client, found.id) };
  }

  /** The files of a session that is known. */
  async accessOf(client: BackendAIClient, sessionId: string): Promise<FileAccess> {
    const known = this.#accesses.get(client) ?? new Map<string, Promise<FileAccess>>();
    this.#accesses.set(client, known);
    const access =
      known.get(sessionId) ?? openSessionFiles({ client, sessionId }, this.sftp, this.#parts.ways);
    known.set(sessionId, access);
    return access;
  }

  /** The place of a path in a session of the connected server; `undefined` without a connection. */
  placeIn(session: SessionSummary, path: string): FilePlace | undefined {
    const { state } = this.#parts.account.connection;
    return state.phase === "connected"
      ? { server: serverIdOf(state.target), session: session.name, path }
      : undefined;
  }

  dispose(): void {
    this.#hook.dispose();
  }

  /** Of the connected server alone: what was kept for another one goes with its client. */
  #forget(sessionId: string): void {
    const client = this.#parts.account.connection.current;
    if (client !== undefined) {
      this.#accesses.get(client)?.delete(sessionId);
    }
  }

  async #client(server: string, path: string, signal: AbortSignal): Promise<BackendAIClient> {
    const { account } = this.#parts;
    const { state } = account.connection;
    const target = account.defaultTarget();
    if (serverIdOf(target) !== server) {
      throw new FileAccessError(
        "unavailable",
        path,
        l10n.t("This file is on {0}, and the server in use is another one.", server),
      );
    }
    if (target.kind === "local" && state.phase !== "connected") {
      throw new FileAccessError(
        "unavailable",
        path,
        l10n.t("The session has ended with the local engine that it ran in."),
      );
    }
    return account.client(signal);
  }

  async #session(name: string, signal: AbortSignal): Promise<SessionSummary | undefined> {
    return this.#known(name) ?? (await this.#parts.feed.refresh(signal), this.#known(name));
  }

  #known(name: string): SessionSummary | undefined {
    const running = this.#parts.store.snapshot.sessions.filter(({ status }) => phaseOf(status) === "running");
    const named = running.find(({ id }) => id === name) ?? running.find((session) => session.name === name);
    const formerId = this.#parts.formerNames?.idOf(name);
    return named ?? running.find(({ id }) => id === formerId);
  }
}
