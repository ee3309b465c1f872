import { ConnectionStore } from "../../../../src/account/connectionStore.js";
import type { ConnectionTarget } from "../../../../src/account/target.js";
import { Emitter } from "../../../../src/base/event.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { SessionFeed } from "../../../../src/sessions/sessionFeed.js";
import { type SessionsChange, SessionStore } from "../../../../src/sessions/sessionStore.js";
import { SessionForest, type ForestChange } from "../../../../src/sessions/tree/sessionForest.js";
import { SessionServer, type SessionServerOptions } from "../../../support/sessionServer.js";

/** Servers of a test's own, and store, feed and rows that follow the one that is connected to. Who makes it ends it. */
export class Followed {
  readonly store = new SessionStore();
  readonly forest = new SessionForest(this.store);
  readonly connection: ConnectionStore;
  readonly feed: SessionFeed;
  readonly changes: SessionsChange[] = [];
  /** Rows that were to be drawn anew. */
  readonly drawn: ForestChange[] = [];
  readonly #servers: SessionServer[] = [];

  constructor() {
    this.connection = new ConnectionStore(async (target) => {
      const endpoint = target.kind === "environment" ? target.endpoints[0] : "";
      const server = this.#servers.find(({ url }) => url === endpoint);
      if (server === undefined) {
        throw new Error("There is no such server.");
      }
      const client = await server.client();
      return { client, onDidClose: new Emitter<Error>().event, close: async () => client.close() };
    }, silentLogger);
    this.feed = new SessionFeed({ connection: this.connection, store: this.store, logger: silentLogger });
    this.store.onDidChange((change) => this.changes.push(change));
    this.forest.onDidChange((row) => this.drawn.push(row));
  }

  async server(options: SessionServerOptions = {}): Promise<SessionServer> {
    const server = await SessionServer.start(options);
    this.#servers.push(server);
    return server;
  }

  async connect(server: SessionServer): Promise<void> {
    await this.connection.connect(targetOf(server));
  }

  /** Names of the sessions that are known and not over, in order. */
  names(): string[] {
    return this.store.snapshot.sessions.map(({ name }) => name);
  }

  async end(): Promise<void> {
    this.feed.dispose();
    this.forest.dispose();
    await this.connection.disconnect();
    for (const server of this.#servers) {
      server.stop();
    }
  }
}

/** The target that stands for a server. */
export function targetOf({ url }: SessionServer): ConnectionTarget {
  return {
    kind: "environment",
    endpoints: [url],
    credentials: { type: "keypair", accessKey: "a", secretKey: "s" },
    domain: "default",
    group: "default",
    mounts: [],
    skipVerification: false,
  };
}
