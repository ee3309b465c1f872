import type { ConnectionState, ConnectionStore } from "../account/connectionStore.js";
import type { BackendAIClient, SessionSummary } from "../api/index.js";
import { delay, isAbort } from "../base/abort.js";
import { backoffMs } from "../base/backoff.js";
import { CoalescedTask } from "../base/coalesce.js";
import { messageOf } from "../base/errors.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import { liveStatusesOf, phaseOf, type SessionPhase } from "../wire/status.js";
import type { SessionsSnapshot, SessionStore } from "./sessionStore.js";

/** Waits before the event stream is opened again. */
const reconnection = { firstMs: 500, longestMs: 30_000 };

/** Events may be missing on some servers (`docs/protocol.md`), so the list is read again this often while someone looks. */
const pollMs = 30_000;

const order: readonly SessionPhase[] = [
  "running",
  "starting",
  "waiting",
  "failed",
  "unknown",
  "ending",
  "ended",
];

/**
 * Keeps the store fresh while somebody looks: a list, then events, a list again after each reconnection, and a slow poll.
 * While nobody looks, nothing is asked.
 */
export class SessionFeed implements Disposable {
  readonly #connection: ConnectionStore;
  readonly #store: SessionStore;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  #watched = false;
  #watch:
    | { readonly client: BackendAIClient; readonly controller: AbortController; readonly list: CoalescedTask }
    | undefined;

  constructor({
    connection,
    store,
    logger,
  }: {
    connection: ConnectionStore;
    store: SessionStore;
    logger: Logger;
  }) {
    this.#connection = connection;
    this.#store = store;
    this.#logger = logger;
    this.#owned.add(connection.onDidChange((state) => this.#follow(state)));
  }

  /** Whether somebody looks at the sessions. */
  setWatched(watched: boolean): void {
    this.#watched = watched;
    this.#follow(this.#connection.state);
  }

  /**
   * Reads the list now, whether or not somebody looks. Resolves when the store holds it; without a connection it does
   * nothing.
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    const { state } = this.#connection;
    if (state.phase === "connected") {
      await this.#list(state.client, signal);
    }
  }

  dispose(): void {
    this.#stop();
    this.#owned.dispose();
  }

  #follow(state: ConnectionState): void {
    const client = state.phase === "connected" ? state.client : undefined;
    if (client === undefined) {
      this.#stop();
      this.#store.replace({ phase: "unknown", sessions: [] });
    } else if (!this.#watched) {
      this.#stop();
    } else if (this.#watch?.client !== client) {
      this.#stop();
      this.#start(client);
    }
  }

  #stop(): void {
    this.#watch?.controller.abort();
    this.#watch = undefined;
  }

  #start(client: BackendAIClient): void {
    const controller = new AbortController();
    const { signal } = controller;
    const list = new CoalescedTask(() => this.#list(client, signal));
    this.#watch = { client, controller, list };
    if (this.#store.snapshot.phase === "unknown") {
      this.#store.replace({ phase: "loading", sessions: [] });
    }
    const loops = [this.#listen(client, list, signal), poll(list, signal)];
    for (const loop of loops) {
      loop.catch((error: unknown) => {
        if (!isAbort(error)) {
          this.#logger.error(`the session feed stopped: ${messageOf(error)}`);
        }
      });
    }
  }

  /** Follows the event stream for as long as `signal` allows, through any number of lost connections. */
  async #listen(client: BackendAIClient, list: CoalescedTask, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await list.run();
        for await (const event of client.events.sessions({}, { signal })) {
          this.#logger.trace(`event ${event.name}`);
          attempt = 0;
          void list.run().catch(() => undefined); // the store tells
        }
      } catch (error) {
        signal.throwIfAborted();
        this.#logger.debug(`session events: ${messageOf(error)}`);
      }
      await delay(backoffMs(attempt, reconnection, Math.random()), signal);
    }
  }

  async #list(client: BackendAIClient, signal: AbortSignal | undefined): Promise<void> {
    try {
      const sessions: SessionSummary[] = [];
      for await (const session of client.sessions.list(
        { status: liveStatusesOf(client.dialect.manager) },
        { signal },
      )) {
        sessions.push(session);
      }
      signal?.throwIfAborted();
      this.#keep(client, { phase: "ready", sessions: sessions.sort(byPhaseThenAge) });
    } catch (error) {
      signal?.throwIfAborted();
      this.#keep(client, { phase: "stale", sessions: this.#store.snapshot.sessions, error });
      throw error;
    }
  }

  /** A list that arrives after its server was left is of no use. */
  #keep(client: BackendAIClient, snapshot: SessionsSnapshot): void {
    const { state } = this.#connection;
    if (state.phase === "connected" && state.client === client) {
      this.#store.replace(snapshot);
    }
  }
}

async function poll(list: CoalescedTask, signal: AbortSignal): Promise<void> {
  for (;;) {
    await delay(pollMs, signal);
    await list.run().catch(() => undefined); // the store tells; the next round tries again
  }
}

function byPhaseThenAge(a: SessionSummary, b: SessionSummary): number {
  const phases = order.indexOf(phaseOf(a.status)) - order.indexOf(phaseOf(b.status));
  return phases || (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0);
}
