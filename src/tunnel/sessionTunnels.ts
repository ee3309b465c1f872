import type { ConnectionStore } from "../account/connectionStore.js";
import type { BackendAIClient } from "../api/index.js";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { HostKeys } from "./hostKeys.js";
import { SessionSsh } from "./sessionSsh.js";

/** What tunnels are made with. */
export interface SessionTunnelsParts {
  readonly connection: ConnectionStore;
  readonly hostKeys: HostKeys;
  readonly logger: Logger;
}

/** The ssh connections into the sessions of the connected server. They end when that server is left. */
export class SessionTunnels implements Disposable {
  readonly hostKeys: HostKeys;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #byClient = new Map<BackendAIClient, Map<string, SessionSsh>>();

  constructor({ connection, hostKeys, logger }: SessionTunnelsParts) {
    this.hostKeys = hostKeys;
    this.#logger = logger;
    this.#owned.add(connection.onDidChange(() => this.#keepOnly(connection.current)));
  }

  /** The ssh connection of a session; nothing is opened until somebody acquires it. */
  ssh(client: BackendAIClient, sessionId: string): SessionSsh {
    const sessions = this.#byClient.get(client) ?? new Map<string, SessionSsh>();
    this.#byClient.set(client, sessions);
    const known = sessions.get(sessionId);
    if (known !== undefined) {
      return known;
    }
    const ssh = new SessionSsh({ client, sessionId, hostKeys: this.hostKeys, logger: this.#logger });
    sessions.set(sessionId, ssh);
    return ssh;
  }

  /** Ids of the sessions that there is a connection into now. */
  connected(client: BackendAIClient | undefined): readonly string[] {
    const sessions = client && this.#byClient.get(client);
    return [...(sessions ?? [])].flatMap(([id, ssh]) => (ssh.isOpen ? [id] : []));
  }

  /** Lets go of what is kept for a session that is over; a connection that is still in use ends with its users. */
  forget(sessionId: string): void {
    for (const sessions of this.#byClient.values()) {
      sessions.delete(sessionId);
    }
  }

  dispose(): void {
    this.#keepOnly(undefined);
    this.#owned.dispose();
  }

  #keepOnly(client: BackendAIClient | undefined): void {
    for (const [other, sessions] of this.#byClient) {
      if (other !== client) {
        this.#byClient.delete(other);
        for (const ssh of sessions.values()) {
          ssh.dispose();
        }
      }
    }
  }
}
