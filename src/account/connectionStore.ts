import type { BackendAIClient } from "../api/index.js";
import { abortable, isAbort, reasonOf } from "../base/abort.js";
import { Emitter, type Event } from "../base/event.js";
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
}

/** The one truth about the connection. The newest request wins; nobody sees a client of the server before. */
export class ConnectionStore {
  readonly #connect: Connector;
  readonly #logger: Logger;
  readonly #didChange = new Emitter<ConnectionState>();
  #state: ConnectionState = { phase: "disconnected" };
  #attempt: Attempt | undefined;
  #open: OpenConnection | undefined;

  readonly onDidChange = this.#didChange.event;

  constructor(connect: Connector, logger: Logger) {
    this.#connect = connect;
    this.#logger = logger;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * The client of `target`, connecting first when needed. Callers who ask for the same target share one attempt; aborting
   * `signal` leaves it to the others.
   */
  async connect(target: ConnectionTarget, signal?: AbortSignal): Promise<BackendAIClient> {
    if (this.#state.phase === "connected" && isSameTarget(this.#state.target, target)) {
      return this.#state.client;
    }
    const running = this.#attempt;
    const attempt = running && isSameTarget(running.target, target) ? running : this.#begin(target);
    return abortable(attempt.client, signal);
  }

  /** Leaves the server; a local engine ends with it. */
  async disconnect(): Promise<void> {
    this.#attempt?.controller.abort();
    this.#attempt = undefined;
    await this.#replace({ phase: "disconnected" });
  }

  #begin(target: ConnectionTarget): Attempt {
    this.#attempt?.controller.abort();
    const controller = new AbortController();
    const attempt: Attempt = { target, controller, client: this.#run(target, controller) };
    attempt.client.catch(() => undefined); // the state tells; a caller that waits gets it too
    this.#attempt = attempt;
    return attempt;
  }

  async #run(target: ConnectionTarget, controller: AbortController): Promise<BackendAIClient> {
    const { signal } = controller;
    try {
      await this.#replace({ phase: "connecting", target });
      signal.throwIfAborted();
      const open = await this.#connect(target, signal);
      if (signal.aborted) {
        await open.close();
        throw reasonOf(signal);
      }
      await this.#replace({ phase: "connected", target, client: open.client }, open);
      open.onDidClose((error) => void this.#lost(open, target, error));
      return open.client;
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) {
        this.#logger.warn(`no connection to ${targetLabel(target)}`);
        await this.#replace({ phase: "failed", target, error });
      }
      throw error;
    } finally {
      if (this.#attempt?.controller === controller) {
        this.#attempt = undefined;
      }
    }
  }

  async #lost(open: OpenConnection, target: ConnectionTarget, error: Error): Promise<void> {
    if (this.#open === open) {
      await this.#replace({ phase: "failed", target, error });
    }
  }

  /** The state changes at once; what stood behind the old one is then let go. */
  async #replace(state: ConnectionState, open?: OpenConnection): Promise<void> {
    const before = this.#open;
    this.#open = open;
    this.#state = state;
    this.#didChange.fire(state);
    await before
      ?.close()
      .catch((error: unknown) => this.#logger.warn(`closing a connection: ${String(error)}`));
  }
}
