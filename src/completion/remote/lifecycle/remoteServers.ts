import * as l10n from "@vscode/l10n";
import type { ConnectionStore } from "../../../account/connectionStore.js";
import { NotFoundError } from "../../../api/errors.js";
import { Emitter } from "../../../base/event.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import type { CodeSession } from "../../../sessions/interpreters.js";
import type { SessionStore } from "../../../sessions/sessionStore.js";
import type { SessionTunnels } from "../../../tunnel/sessionTunnels.js";
import { phaseOf } from "../../../wire/status.js";
import type { ServedLanguage } from "../servers/languageServers.js";
import { type ServerProcess, startServer } from "../servers/startServer.js";
import {
  type Conversation,
  RemoteServer,
  type RemoteServerParts,
  type RemoteServerState,
} from "./remoteServer.js";

/** What talking to a server of a session works with. */
export interface ConversationStart extends CodeSession {
  readonly language: ServedLanguage;
  readonly process: ServerProcess;
  readonly signal: AbortSignal;
}

/** What servers of sessions are kept with. */
export interface RemoteServersParts {
  readonly connection: ConnectionStore;
  readonly store: SessionStore;
  readonly tunnels: SessionTunnels;
  readonly converse: (start: ConversationStart) => Promise<Conversation>;
  readonly logger: Logger;
  readonly backoff?: RemoteServerParts["backoff"];
}

/** The server of a language in this window, and how it stands. */
export interface ServerStatus extends CodeSession {
  readonly language: ServedLanguage;
  readonly state: RemoteServerState;
}

interface Entry extends CodeSession {
  readonly language: ServedLanguage;
  readonly server: RemoteServer;
}

/**
 * The language servers of this window: never two for one language. Each ends with its session, with the connection to the server, and
 * with this.
 */
export class RemoteServers implements Disposable {
  readonly #parts: RemoteServersParts;
  readonly #owned = new DisposableStore();
  readonly #didChange = new Emitter<ServerStatus>();
  readonly #entries = new Map<string, Entry>();
  /** What is under way for each language: the next waits for it. */
  readonly #turns = new Map<string, Promise<void>>();
  #isDisposed = false;

  readonly onDidChange = this.#didChange.event;

  constructor(parts: RemoteServersParts) {
    this.#parts = parts;
    this.#owned.add(parts.connection.onDidChange(() => this.#endStale()));
    this.#owned.add(parts.store.onDidChange(() => this.#endStale()));
  }

  /** How the server of a language stands; `undefined` where none was started. */
  status({ id }: ServedLanguage): ServerStatus | undefined {
    const entry = this.#entries.get(id);
    return entry && statusOf(entry);
  }

  /** All that were started. */
  all(): readonly ServerStatus[] {
    return [...this.#entries.values()].map(statusOf);
  }

  /**
   * Has the language served by that session: nothing happens where it is already, and another session's server ends first. Resolves
   * when it has begun to start.
   */
  async start(language: ServedLanguage, { client, session }: CodeSession): Promise<void> {
    await this.#inTurn(language, async () => {
      const known = this.#entries.get(language.id);
      const isServed = known?.client === client && known.session.id === session.id;
      if (known !== undefined && isServed && known.server.state.phase !== "stopped") {
        return;
      }
      await known?.server.stop();
      this.#begin(language, { client, session });
    });
  }

  /** Stops the server of a language and starts it anew in the same session. Nothing happens where none was started. */
  async restart(language: ServedLanguage): Promise<void> {
    await this.#inTurn(language, async () => {
      const known = this.#entries.get(language.id);
      if (known !== undefined) {
        await known.server.stop();
        this.#begin(language, known);
      }
    });
  }

  /** Resolves when the server of a language has ended. */
  async stop(language: ServedLanguage): Promise<void> {
    await this.#inTurn(language, async () => this.#entries.get(language.id)?.server.stop());
  }

  /** Ends all; {@link ended} tells when they have. */
  dispose(): void {
    this.#isDisposed = true;
    this.#owned.dispose();
    for (const { server } of this.#entries.values()) {
      void server.stop();
    }
  }

  /** Resolves when every server that was told to end has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#turns.values());
    await Promise.all([...this.#entries.values()].map(async ({ server }) => server.stop()));
  }

  #begin(language: ServedLanguage, { client, session }: CodeSession): void {
    if (this.#isDisposed || this.#parts.connection.current !== client) {
      return; // it was left meanwhile
    }
    const { tunnels, converse, logger, backoff } = this.#parts;
    const server = new RemoteServer({
      name: l10n.t("Language server for {0} of {1}", language.name, session.name),
      start: async (signal) =>
        startServer({
          ssh: tunnels.ssh(client, session.id),
          language,
          sessionName: session.name,
          signal,
        }),
      isWanted: async (signal) => isRunning({ client, session }, signal),
      converse: async (process, signal) => converse({ client, session, language, process, signal }),
      logger,
      ...(backoff && { backoff }),
    });
    const entry = { client, session, language, server };
    this.#entries.set(language.id, entry);
    const tell = (): void => {
      if (this.#entries.get(language.id) === entry) {
        this.#didChange.fire(statusOf(entry));
      }
    };
    server.onDidChange(tell);
    tell();
  }

  /** Ends the servers of sessions that are over and of servers that were left. */
  #endStale(): void {
    const { connection, store } = this.#parts;
    for (const { client, session, server } of this.#entries.values()) {
      const known = store.find(session.id);
      const isOver =
        store.state.phase === "ready" && (known === undefined || phaseOf(known.status) !== "running");
      if (server.state.phase !== "stopped" && (connection.current !== client || isOver)) {
        void server.stop();
      }
    }
  }

  async #inTurn(language: ServedLanguage, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(language.id) ?? Promise.resolve();
    const turn = before.then(work);
    const settled = turn.catch(() => undefined);
    this.#turns.set(language.id, settled);
    await turn;
  }
}

function statusOf({ client, session, language, server }: Entry): ServerStatus {
  return { client, session, language, state: server.state };
}

/** Whether a session still runs, by its server; one that does not answer has not said no. */
async function isRunning({ client, session }: CodeSession, signal: AbortSignal): Promise<boolean> {
  try {
    return phaseOf((await client.sessions.summary(session.id, { signal })).status) === "running";
  } catch (error) {
    return !(error instanceof NotFoundError);
  }
}
