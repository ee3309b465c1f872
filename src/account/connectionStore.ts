import type { BackendAIClient } from "../api/index.js";
import { abortable, reasonOf, within } from "../base/abort.js";
import { messageOf } from "../base/errors.js";
import { Emitter, type Event } from "../base/event.js";
import { type Disposable, toDisposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import { type ConnectionTarget, isSameTarget, targetLabel } from "./target.js";

/** Which server we are on, and how that stands. Replaced whole at each change. */
export type ConnectionState =
  | { readonly phase: "disconnected" }
  | { readonly phase: "connecting"; readonly target: ConnectionTarget }
  | { readonly phase: "connected"; readonly target: ConnectionTarget; readonly client: BackendAIClient }
  | { readonly phase: "failed"; readonly target: ConnectionTarget; readonly error: unknown };

/** A client and what stands behind it. */
export interface OpenConnection {
  readonly client: BackendAIClient;
  /** Fired when the server is known to be gone for good. */
  readonly onDidClose: Event<Error>;
  close(): Promise<void>;
}

/** Opens a connection that has been checked against the server. */
export type Connector = (target: ConnectionTarget, signal: AbortSignal) => Promise<OpenConnection>;

interface Attempt {
  readonly target: ConnectionTarget;
  readonly controller: AbortController;
  readonly client: Promise<BackendAIClient>;
  /** Callers that wait for it. */
  waiting: number;
}

interface Current extends OpenConnection {
  readonly target: ConnectionTarget;
}

/** How long a server that is left may take to be left in order, in milliseconds. */
const farewellMs = 4000;

/**
 * The one truth about the connection. The newest request wins, and nobody sees a client of the server before. A server is
 * left only when the new one has proved itself: who fails to get away is still where they were.
 */
export class ConnectionStore {
  readonly #connect: Connector;
  readonly #logger: Logger;
  readonly #didChange = new Emitter<ConnectionState>();
  readonly #farewells = new Set<(client: BackendAIClient) => Promise<void>>();
  #state: ConnectionState = { phase: "disconnected" };
  #attempt: Attempt | undefined;
  #current: Current | undefined;

  readonly onDidChange = this.#didChange.event;

  constructor(connect: Connector, logger: Logger) {
    this.#connect = connect;
    this.#logger = logger;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The client of the server that we are on, also while another one is only being tried: who fails to reach it stays. */
  get current(): BackendAIClient | undefined {
    return this.#current?.client;
  }

  /** What `current` is, as it was last described. */
  get currentTarget(): ConnectionTarget | undefined {
    return this.#current?.target;
  }

  /** Has `farewell` called, and awaited for a few seconds, before a client is closed. */
  beforeClose(farewell: (client: BackendAIClient) => Promise<void>): Disposable {
    this.#farewells.add(farewell);
    return toDisposable(() => this.#farewells.delete(farewell));
  }

  /**
   * The client of `target`, connecting first when needed. Callers who ask for the same target share one attempt; it is
   * given up when the last of them has aborted.
   */
  async connect(target: ConnectionTarget, signal?: AbortSignal): Promise<BackendAIClient> {
    if (this.#current !== undefined && isSameTarget(this.#current.target, target)) {
      // Also from the way to another server: a second local engine would be the end of the sessions of the first.
      this.#giveUp(this.#attempt);
      return this.#current.client;
    }
    const running = this.#attempt;
    const attempt = running && isSameTarget(running.target, target) ? running : this.#begin(target);
    attempt.waiting += 1;
    try {
      return await abortable(attempt.client, signal);
    } finally {
      attempt.waiting -= 1;
      if (signal?.aborted === true && attempt.waiting === 0) {
        this.#giveUp(attempt);
      }
    }
  }

  /** Tells another description of the server in use, such as with another group; the connection stays as it is. */
  redescribe(target: ConnectionTarget): void {
    if (this.#current === undefined) {
      return;
    }
    this.#current = { ...this.#current, target };
    if (this.#state.phase === "connected") {
      this.#setState({ ...this.#state, target });
    }
  }

  /** Leaves the server, and gives up an attempt to reach another; a local engine ends with it. */
  async disconnect(): Promise<void> {
    this.#attempt?.controller.abort();
    this.#attempt = undefined;
    const left = this.#current;
    this.#current = undefined;
    this.#setState({ phase: "disconnected" });
    await this.#leave(left);
  }

  /**
   * Leaves the server in use, and gives up the attempt to reach another, each only where `isMeant` says so: who leaves one of the two
   * stays on the other, or goes on trying it.
   */
  async leave(isMeant: (target: ConnectionTarget) => boolean): Promise<void> {
    const attempt = this.#attempt;
    const left = this.#current !== undefined && isMeant(this.#current.target) ? this.#current : undefined;
    const isFailed = this.#state.phase === "failed" && isMeant(this.#state.target);
    if (left !== undefined) {
      this.#current = undefined;
    }
    if (attempt !== undefined && isMeant(attempt.target)) {
      this.#giveUp(attempt);
    } else if (left !== undefined || isFailed) {
      this.#setState(this.#attempted() ?? { phase: "disconnected" });
    }
    await this.#leave(left);
  }

  #begin(target: ConnectionTarget): Attempt {
    this.#attempt?.controller.abort();
    const controller = new AbortController();
    const client = Promise.resolve().then(() => this.#run(target, controller));
    client.catch(() => undefined); // the state tells; a caller that waits gets it too
    this.#attempt = { target, controller, client, waiting: 0 };
    this.#setState({ phase: "connecting", target });
    return this.#attempt;
  }

  async #run(target: ConnectionTarget, controller: AbortController): Promise<BackendAIClient> {
    const { signal } = controller;
    try {
      signal.throwIfAborted();
      const open = await this.#connect(target, signal);
      if (signal.aborted) {
        await open.close();
        throw reasonOf(signal);
      }
      const left = this.#current;
      this.#current = { ...open, target };
      this.#attempt = undefined;
      this.#setState({ phase: "connected", target, client: open.client });
      open.onDidClose((error) => void this.#lost(open.client, error));
      await this.#leave(left);
      return open.client;
    } catch (error) {
      if (this.#attempt?.controller === controller) {
        this.#attempt = undefined;
        this.#logger.warn(`no connection to ${targetLabel(target)}`);
        this.#setState(this.#fallback({ phase: "failed", target, error }));
      }
      throw error;
    }
  }

  #giveUp(attempt: Attempt | undefined): void {
    if (attempt !== undefined && this.#attempt === attempt) {
      attempt.controller.abort();
      this.#attempt = undefined;
      this.#setState(this.#fallback({ phase: "disconnected" }));
    }
  }

  /** The server that is still there when another one was not reached. */
  #fallback(otherwise: ConnectionState): ConnectionState {
    const { target, client } = this.#current ?? {};
    return target && client ? { phase: "connected", target, client } : otherwise;
  }

  async #lost(client: BackendAIClient, error: Error): Promise<void> {
    const lost = this.#current;
    if (lost?.client !== client) {
      return;
    }
    this.#current = undefined;
    this.#setState(this.#attempted() ?? { phase: "failed", target: lost.target, error });
    await this.#leave(lost);
  }

  /** The state while another server is being tried, told anew when the one in use is gone. */
  #attempted(): ConnectionState | undefined {
    return this.#attempt && { phase: "connecting", target: this.#attempt.target };
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#didChange.fire(state);
  }

  async #leave(left: Current | undefined): Promise<void> {
    if (left === undefined) {
      return;
    }
    try {
      const farewells = [...this.#farewells].map((farewell) => farewell(left.client));
      await within(Promise.allSettled(farewells), farewellMs, "total", "Leaving a server");
    } catch (error) {
      this.#logger.warn(messageOf(error));
    }
    await left
      .close()
      .catch((error: unknown) => this.#logger.warn(`closing a connection: ${messageOf(error)}`));
  }
}
