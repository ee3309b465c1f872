import assert from "node:assert/strict";
import { ConnectionStore } from "../../../src/account/connectionStore.js";
import type { SessionImage } from "../../../src/api/index.js";
import { Emitter } from "../../../src/base/event.js";
import { silentLogger } from "../../../src/base/logger.js";
import { SessionFeed } from "../../../src/sessions/sessionFeed.js";
import { SessionNotRunningError, SessionStarter } from "../../../src/sessions/sessionStarter.js";
import { SessionStore } from "../../../src/sessions/sessionStore.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";

describe("SessionStarter, on a real engine", () => {
  let server: LocalServer;
  let store: SessionStore;
  let starter: SessionStarter;
  let image: SessionImage;

  /** @param concurrency Sessions that run at once; further ones wait. */
  async function serve(concurrency: number): Promise<void> {
    server = await startLocalServer({ limits: { concurrency } });
    const open = {
      client: server.client,
      onDidClose: new Emitter<Error>().event,
      close: () => Promise.resolve(),
    };
    const connection = new ConnectionStore(() => Promise.resolve(open), silentLogger);
    await connection.connect({ kind: "local" });
    store = new SessionStore();
    const feed = new SessionFeed({ connection, store, logger: silentLogger });
    starter = new SessionStarter({ feed, logger: silentLogger });
    image = (await server.client.images.list()).find((candidate) => candidate.runtimeType === "python")!;
  }

  afterEach(() => server.stop());

  it("resolves with a session that runs and is in the store", async () => {
    await serve(0);
    const statuses: string[] = [];
    const { signal } = new AbortController();
    const session = await starter.start(server.client, image, {
      signal,
      onStatus: (status) => statuses.push(status),
    });
    assert.equal(session.status, "RUNNING");
    assert.equal(statuses.at(-1), "RUNNING");
    assert.deepEqual(store.find(session.id), session);
  });

  it("takes the request back when it is cancelled in the queue", async () => {
    await serve(1);
    await server.client.sessions.create({ image: "python", name: "first-1" });
    const controller = new AbortController();
    const waiting = starter.start(server.client, image, {
      signal: controller.signal,
      onStatus: () => controller.abort(),
    });
    await assert.rejects(waiting, { name: "AbortError" });
    assert.deepEqual(
      store.snapshot.sessions.map((session) => session.name),
      ["first-1"],
    );
  });

  it("says so when the session ends instead of starting", async () => {
    await serve(1);
    await server.client.sessions.create({ image: "python", name: "first-1" });
    const { signal } = new AbortController();
    const waiting = starter.start(server.client, image, {
      signal,
      onStatus: () => {
        void endAllButFirst();
      },
    });
    await assert.rejects(waiting, SessionNotRunningError);
  });

  async function endAllButFirst(): Promise<void> {
    for await (const session of server.client.sessions.list({ status: ["PENDING"] })) {
      await server.client.sessions.destroy(session.id);
    }
  }
});
