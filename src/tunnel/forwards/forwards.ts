import * as l10n from "@vscode/l10n";
import type { ConnectionStore } from "../../account/connectionStore.js";
import { isOnThisComputer } from "../../account/target.js";
import type { BackendAIClient } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { phaseOf, type SessionPhase } from "../../wire/status.js";
import type { SessionTunnels } from "../sessionTunnels.js";
import type { ForwardPlace, ForwardTarget } from "./forwardTarget.js";
import { OpenForward } from "./openForward.js";

/** Connections come and go by the dozen: who watches is told at most this often, in milliseconds. */
const connectionNewsMs = 500;

/** What a session is in that does not come back. */
const over: ReadonlySet<SessionPhase> = new Set(["ending", "ended", "failed"]);

/** Who asked for a forward: “Open App”, “Forward a Port”, or the answer to an offer. */
export type ForwardOrigin = "app" | "port" | "offer";

/** A forwarded port as it is at the moment. */
export interface Forward {
  readonly id: string;
  readonly sessionId: string;
  readonly sessionName: string;
  readonly target: ForwardTarget;
  readonly localPort: number;
  readonly connectionCount: number;
  readonly openedBy: ForwardOrigin;
  /** The server that the session is on. */
  readonly client: BackendAIClient;
}

/** What to forward. */
export interface ForwardRequest extends ForwardPlace {
  /**
   * The only port of this computer that will do; otherwise any will do, and the number inside is preferred, unless the session
   * may have the ports of this computer: a program of it could not listen there any more.
   */
  readonly localPort?: number | undefined;
  readonly openedBy: ForwardOrigin;
}

/** What forwards work with. */
export interface ForwardsDeps {
  readonly connection: ConnectionStore;
  readonly store: SessionStore;
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
}

interface Entry {
  readonly id: string;
  readonly request: ForwardRequest;
  readonly opening: Promise<OpenForward>;
  open: OpenForward | undefined;
}

/**
 * The forwarded ports of this window. One closes when a person closes it, when its session ends, when its server is left, and
 * with the window.
 */
export class Forwards implements Disposable {
  readonly #deps: ForwardsDeps;
  readonly #owned = new DisposableStore();
  readonly #entries = new Map<string, Entry>();
  readonly #didChange = new Emitter<void>();
  readonly #didFail = new Emitter<{ readonly forward: Forward; readonly error: unknown }>();
  #count = 0;
  #news: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#didChange.event;
  /** Fired for the first connection of a forward that did not come about, and for no other of it. */
  readonly onDidFail = this.#didFail.event;

  constructor(deps: ForwardsDeps) {
    this.#deps = deps;
    this.#owned.add(deps.connection.onDidChange(() => this.#keepServer()));
    this.#owned.add(deps.store.onDidChange(() => this.#keepLive()));
  }

  get snapshot(): readonly Forward[] {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.open === undefined ? [] : [this.#forwardOf(entry, entry.open)],
    );
  }

  /** The forward of a port inside a session. */
  find(sessionId: string, port: number): Forward | undefined {
    return this.snapshot.find((forward) => forward.sessionId === sessionId && forward.target.port === port);
  }

  /**
   * Forwards a port. Who asks for the same twice gets the forward that exists.
   * @throws {ConfigurationError} (`port`) when the port of this computer can't be had.
   */
  async open(request: ForwardRequest): Promise<Forward> {
    this.#checkLoop(request);
    const entry = this.#known(request) ?? this.#begin(request);
    try {
      const open = await entry.opening;
      if (this.#entries.get(entry.id) !== entry) {
        throw new DOMException("The forward was closed.", "AbortError"); // for programs
      }
      return this.#forwardOf(entry, open);
    } catch (error) {
      this.#entries.delete(entry.id);
      throw error;
    }
  }

  /** Closes a forward and its connections; one that is closed already is fine. */
  close(id: string): void {
    this.#closeWhere((_, candidate) => candidate === id);
  }

  dispose(): void {
    this.#owned.dispose();
    this.#closeWhere(() => true);
    clearTimeout(this.#news);
    this.#didChange.dispose();
    this.#didFail.dispose();
  }

  /** A session of the local engine has the ports of this computer: a forward to the same number would lead to itself. */
  #checkLoop({ localPort, target }: ForwardRequest): void {
    const { state } = this.#deps.connection;
    if (localPort === target.port && state.phase === "connected" && state.target.kind === "local") {
      throw new ConfigurationError(
        "port",
        l10n.t(
          "Sessions of the local engine have the ports of this computer: localhost:{0} needs no forward.",
          localPort,
        ),
      );
    }
  }

  #known({ client, session, target, localPort }: ForwardRequest): Entry | undefined {
    return [...this.#entries.values()].find(
      ({ request, open }) =>
        request.client === client &&
        request.session.id === session.id &&
        request.target.port === target.port &&
        request.target.app === target.app &&
        (localPort === undefined || localPort === (open?.localPort ?? request.localPort)),
    );
  }

  #begin(request: ForwardRequest): Entry {
    const { tunnels, logger } = this.#deps;
    const { state } = this.#deps.connection;
    const isElsewhere = state.phase === "connected" && !isOnThisComputer(state.target);
    const id = `forward-${++this.#count}`;
    const opening = OpenForward.open({
      place: request,
      localPort: request.localPort,
      preferredPort: isElsewhere ? request.target.port : undefined,
      tunnels,
      logger,
      onFailure: (error) => this.#failed(id, error),
      onConnections: () => this.#tellSoon(id),
    });
    const entry: Entry = { id, request, opening, open: undefined };
    this.#entries.set(id, entry);
    void opening.then(
      (open) => this.#opened(entry, open),
      () => this.#entries.delete(id),
    );
    return entry;
  }

  /** It may have been closed while it was opened. */
  #opened(entry: Entry, open: OpenForward): void {
    if (this.#entries.get(entry.id) !== entry) {
      open.dispose();
      return;
    }
    entry.open = open;
    const { session, target } = entry.request;
    this.#deps.logger.info(`127.0.0.1:${open.localPort} leads to port ${target.port} of ${session.name}`);
    this.#didChange.fire();
  }

  #failed(id: string, error: unknown): void {
    const entry = this.#entries.get(id);
    if (entry?.open !== undefined) {
      this.#didFail.fire({ forward: this.#forwardOf(entry, entry.open), error });
    }
  }

  #forwardOf({ id, request }: Entry, open: OpenForward): Forward {
    const { client, session, target, openedBy } = request;
    const { localPort, connectionCount } = open;
    return {
      id,
      sessionId: session.id,
      sessionName: session.name,
      target,
      localPort,
      connectionCount,
      openedBy,
      client,
    };
  }

  #keepServer(): void {
    const { current } = this.#deps.connection;
    this.#closeWhere(({ client }) => client !== current);
  }

  /** Only a list that is up to date tells that a session is over; one that restarts is not. */
  #keepLive(): void {
    const { store } = this.#deps;
    if (store.state.phase === "ready") {
      this.#closeWhere(
        ({ session: { id } }) => !store.has(id) || over.has(phaseOf(store.find(id)?.status ?? "")),
      );
    }
  }

  #closeWhere(isOver: (request: ForwardRequest, id: string) => boolean): void {
    const closing = [...this.#entries.values()].filter(({ request, id }) => isOver(request, id));
    for (const { id, open } of closing) {
      this.#entries.delete(id);
      open?.dispose();
    }
    if (closing.length > 0) {
      this.#didChange.fire();
    }
  }

  /** The connections of a forward that is closed are no news. */
  #tellSoon(id: string): void {
    if (this.#entries.has(id)) {
      this.#news ??= setTimeout(() => {
        this.#news = undefined;
        this.#didChange.fire();
      }, connectionNewsMs);
    }
  }
}
