import type { ConnectionStore } from "../account/connectionStore.js";
import type { BackendAIClient } from "../api/index.js";
import { Emitter } from "../base/event.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { CodeSession } from "../sessions/interpreters.js";
import type { SessionStore } from "../sessions/sessionStore.js";
import type { SessionTunnels } from "../tunnel/sessionTunnels.js";
import { EndpointSource } from "./source/endpointSource.js";
import { catchUpByEmptyRun } from "./source/kernel/catchUp.js";
import { KernelSource } from "./source/kernel/kernelSource.js";
import { QuerySource } from "./source/probe/querySource.js";
import { SourceLadder } from "./source/sourceLadder.js";

/** What sources are made with. */
export interface SessionSourcesParts {
  readonly connection: ConnectionStore;
  readonly store: Pick<SessionStore, "onDidEnd">;
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
}

/** The language server keeps editors waiting less long (`languageServer.ts`), and tells them of what comes later. */
const patienceMs = 10_000;

/** What completes from each session of the server in use. Each ends with its session, all with the connection. */
export class SessionSources implements Disposable {
  readonly #parts: SessionSourcesParts;
  readonly #owned = new DisposableStore();
  readonly #didChange = new Emitter<undefined>();
  #client: BackendAIClient | undefined;
  #bySession = new Map<string, Disposable & { readonly ladder: SourceLadder }>();

  /** Fired when a session's state may have changed. */
  readonly onDidChange = this.#didChange.event;

  constructor(parts: SessionSourcesParts) {
    this.#parts = parts;
    this.#owned.add(
      parts.connection.onDidChange(() => {
        if (parts.connection.current !== this.#client) {
          this.#forget();
        }
      }),
    );
    this.#owned.add(parts.store.onDidEnd((id) => this.#forgetSession(id)));
  }

  /** What completes from a session; made when it is first asked for. */
  of({ client, session }: CodeSession): SourceLadder {
    if (client !== this.#client) {
      this.#forget();
      this.#client = client;
    }
    const known = this.#bySession.get(session.id) ?? this.#create(client, session.id);
    this.#bySession.set(session.id, known);
    return known.ladder;
  }

  dispose(): void {
    this.#forget();
    this.#owned.dispose();
    this.#didChange.dispose();
  }

  #create(client: BackendAIClient, sessionId: string): Disposable & { readonly ladder: SourceLadder } {
    const { logger } = this.#parts;
    const owned = new DisposableStore();
    const ladder = owned.add(
      new SourceLadder({
        sources: [
          new EndpointSource(client, sessionId),
          owned.add(this.#kernel(client, sessionId)),
          new QuerySource({ client, sessionId, logger }),
        ],
        activity: () => client.runs.activity(sessionId),
        patienceMs,
        logger,
      }),
    );
    owned.add(ladder.onDidChange(() => this.#didChange.fire(undefined)));
    return { ladder, dispose: () => owned.dispose() };
  }

  #kernel(client: BackendAIClient, sessionId: string): KernelSource {
    const { tunnels, logger } = this.#parts;
    return new KernelSource({
      ssh: tunnels.ssh(client, sessionId),
      isExpected: () => client.findings.has("completionFails") || client.findings.has("completionEmpty"),
      catchUp: async () => catchUpByEmptyRun(client, sessionId),
      logger,
    });
  }

  #forgetSession(id: string): void {
    this.#bySession.get(id)?.dispose();
    this.#bySession.delete(id);
  }

  #forget(): void {
    for (const entry of this.#bySession.values()) {
      entry.dispose();
    }
    this.#bySession.clear();
    this.#client = undefined;
  }
}
