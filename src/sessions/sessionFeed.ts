import type { ConnectionState, ConnectionStore } from "../account/connectionStore.js";
import type { BackendAIClient } from "../api/index.js";
import { CoalescedTask } from "../base/coalesce.js";
import { messageOf } from "../base/errors.js";
import { Emitter } from "../base/event.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import { once } from "../base/once.js";
import type { Logger } from "../base/logger.js";
import { readEnded, widerSpanMs } from "./feed/endedSessions.js";
import { ScopedSessions, type SessionScope } from "./feed/scopedSessions.js";
import { SessionListing } from "./feed/sessionListing.js";
import type { SessionStore } from "./sessionStore.js";

/** Whose sessions are shown, and whether there is a choice. */
export interface ScopeState {
  readonly scope: SessionScope;
  /** Whether the caller may see the sessions of others. */
  readonly isAdministrator: boolean;
}

/** What is followed of the connected server. */
interface Followed {
  readonly sessions: ScopedSessions;
  readonly listing: SessionListing;
  readonly ended: CoalescedTask;
  /** Asks what the caller may see; beside the list, and once. */
  readonly askForRole: () => Promise<void>;
}

/**
 * Keeps the store fresh while somebody looks: a list, then events, a list again after each reconnection, and a slow poll.
 * While nobody looks, nothing is asked.
 */
export class SessionFeed implements Disposable {
  readonly #connection: ConnectionStore;
  readonly #store: SessionStore;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #didChangeScope = new Emitter<ScopeState>();
  #scope: ScopeState = { scope: "own", isAdministrator: false };
  #watched = false;
  #followed: Followed | undefined;
  #watch: DisposableStore | undefined;
  /** The server that had sessions when another one was tried. */
  #left: BackendAIClient | undefined;

  readonly onDidChangeScope = this.#didChangeScope.event;

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
    this.#owned.add(this.#didChangeScope);
    this.#follow(connection.state);
  }

  get scope(): ScopeState {
    return this.#scope;
  }

  /** Shows the caller's own sessions, or all that the server shows to administrators. */
  setScope(scope: SessionScope): void {
    const client = this.#followed?.sessions.client;
    if (client !== undefined && scope !== this.#scope.scope) {
      this.#setScope({ ...this.#scope, scope });
      this.#begin(client);
    }
  }

  /** Whether somebody looks at the sessions. */
  setWatched(watched: boolean): void {
    this.#watched = watched;
    this.#look();
  }

  /**
   * Reads the list now, whether or not somebody looks. Resolves when the store holds it; without a connection it does
   * nothing.
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    const { ended } = this.#store;
    await this.#followed?.listing.read(signal);
    if (ended.phase === "ready") {
      await this.#followed?.ended.run();
    }
  }

  /** Reads the sessions that are over, those of the last day; again where they are known. */
  async readEnded(): Promise<void> {
    await this.#followed?.ended.run();
  }

  /** Reads sessions that ended longer ago than those that are known. */
  async readMoreEnded(): Promise<void> {
    const { spanMs } = this.#store.ended;
    if (this.#followed !== undefined) {
      await readEnded(this.#followed.sessions, this.#store, widerSpanMs(spanMs) ?? spanMs);
    }
  }

  dispose(): void {
    this.#end();
    this.#owned.dispose();
  }

  #follow(state: ConnectionState): void {
    const client = state.phase === "connected" ? state.client : undefined;
    if (client !== undefined && this.#followed?.sessions.client === client) {
      return;
    }
    if (this.#followed !== undefined) {
      this.#left = this.#store.size > 0 ? this.#followed.sessions.client : undefined;
    }
    this.#end();
    this.#setScope({ scope: "own", isAdministrator: false });
    if (client === undefined) {
      this.#store.replace({ phase: "unknown", sessions: [] });
    } else {
      this.#begin(client);
      this.#return(client);
    }
  }

  /**
   * Reads the list of a server that was not left after all, also while nobody looks: who leaves it the next time is asked about the
   * sessions that would end with it.
   */
  #return(client: BackendAIClient): void {
    if (this.#left === client) {
      this.#followed?.listing.read().catch(() => undefined); // the store tells
    }
    this.#left = undefined;
  }

  /** Follows a server, or another scope of the same: nothing of what was followed before is written any more. */
  #begin(client: BackendAIClient): void {
    this.#end();
    const sessions = new ScopedSessions(client, this.#scope.scope, this.#store);
    const ended = new CoalescedTask(async () => {
      const { phase, spanMs } = this.#store.ended;
      await readEnded(sessions, this.#store, phase === "ready" ? spanMs : undefined);
    });
    const listing = new SessionListing(sessions, () => {
      if (this.#store.ended.phase === "ready") {
        ended.run().catch((error: unknown) => this.#logger.debug(`ended sessions: ${messageOf(error)}`));
      }
    });
    const askForRole = once(async () => this.#askForRole(sessions));
    this.#followed = { sessions, listing, ended, askForRole };
    this.#store.replace({ phase: this.#watched ? "loading" : "unknown", sessions: [] });
    this.#look();
  }

  #end(): void {
    this.#stopWatching();
    this.#followed?.sessions.close();
    this.#followed = undefined;
  }

  #look(): void {
    const followed = this.#followed;
    if (!this.#watched || followed === undefined) {
      this.#stopWatching();
    } else if (this.#watch === undefined) {
      if (this.#store.state.phase === "unknown") {
        this.#store.setState({ phase: "loading" });
      }
      this.#watch = new DisposableStore();
      void this.#startWatching(followed, this.#watch);
      void followed.askForRole();
    }
  }

  /** What follows a server is read when somebody looks at one. */
  async #startWatching({ sessions, listing }: Followed, watch: DisposableStore): Promise<void> {
    const { SessionWatch } = await import("./feed/sessionWatch.js");
    if (!watch.isDisposed) {
      watch.add(new SessionWatch(sessions, listing, this.#logger));
    }
  }

  #stopWatching(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  async #askForRole({ client, signal }: ScopedSessions): Promise<void> {
    if (this.#scope.isAdministrator) {
      return;
    }
    try {
      const { global, domain } = await client.auth.role(undefined, { signal });
      const isAdministrator = global === "superadmin" || global === "admin" || domain === "admin";
      if (isAdministrator && this.#followed?.sessions.client === client) {
        this.#setScope({ ...this.#scope, isAdministrator });
      }
    } catch (error) {
      this.#logger.debug(`the role of this account: ${messageOf(error)}`);
    }
  }

  #setScope(state: ScopeState): void {
    const { scope, isAdministrator } = this.#scope;
    this.#scope = state;
    if (scope !== state.scope || isAdministrator !== state.isAdministrator) {
      this.#didChangeScope.fire(state);
    }
  }
}
