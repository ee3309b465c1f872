import assert from "node:assert/strict";
import { ConnectionStore } from "../../../src/account/connectionStore.js";
import type { SessionImage } from "../../../src/api/index.js";
import { Emitter } from "../../../src/base/event.js";
import { silentLogger } from "../../../src/base/logger.js";
import { SessionFeed } from "../../../src/sessions/sessionFeed.js";
import { SessionNotRunningError, StartRefusedError } from "../../../src/base/startErrors.js";
import { SessionStarter } from "../../../src/sessions/sessionStarter.js";
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
      onProgress: ({ status }) => statuses.push(status),
    });
    assert.equal(session.status, "RUNNING");
    assert.equal(statuses.at(-1), "RUNNING");
    assert.deepEqual(store.find(session.id), session);
  });

  it("takes the request back when it is cancelled in the queue", async () => {
    await serve(1);
    await server.client.sessions.create({ image: "python", name: "first-1" });
    const controller = new AbortController();
    const takenBack: unknown[] = [];
    const waiting = starter.start(server.client, image, {
      signal: controller.signal,
      request: { name: "second-1" },
      onProgress: () => controller.abort(),
      onTakenBack: (...told) => takenBack.push(...told),
    });
    await assert.rejects(waiting, { name: "AbortError" });
    assert.deepEqual(takenBack, ["second-1", undefined]);
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
      onProgress: () => {
        void endAllButFirst();
      },
    });
    await assert.rejects(waiting, SessionNotRunningError);
  });

  it("tells what it waits for, and its place in the queue", async () => {
    await serve(1);
    const { sessions } = server.client;
    const first = await sessions.create({ image: "python", name: "first-1" });
    await sessions.create({ image: "python", name: "second-1", enqueueOnly: true });
    const { signal } = new AbortController();
    const positions = new Set<number | undefined>();
    let ending: Promise<unknown> | undefined;
    const session = await starter.start(server.client, image, {
      signal,
      onProgress: ({ position }) => {
        positions.add(position);
        if (position === 1) {
          ending ??= Promise.all([sessions.destroy(first.id), endOthers("second-1")]);
        }
      },
    });
    await ending;
    assert.equal(session.status, "RUNNING");
    assert.ok(positions.has(1));
  });

  it("waits for sessions that are named, and refuses names that are not there", async () => {
    await serve(0);
    const { signal } = new AbortController();
    const first = await server.client.sessions.create({
      image: "python",
      name: "prepare-1",
      type: "batch",
      startupCommand: "true",
      enqueueOnly: true,
    });
    const request = { name: "train-1", dependencies: ["prepare-1"] };
    const session = await starter.start(server.client, image, { signal, request });
    assert.equal((await server.client.sessions.summary(first.id)).result, "success");
    assert.equal((await server.client.sessions.detail(session.id)).dependencies[0]?.id, first.id);
    const wrong = starter.start(server.client, image, { signal, request: { dependencies: ["nothing"] } });
    await assert.rejects(wrong, /no session nothing/);
    const taken = starter.start(server.client, image, { signal, request: { name: "train-1" } });
    await assert.rejects(taken, StartRefusedError);
  });

  async function endOthers(name: string): Promise<void> {
    for await (const session of server.client.sessions.list({ status: ["PENDING", "RUNNING"] })) {
      if (session.name === name) {
        await server.client.sessions.destroy(session.id);
      }
    }
  }

  async function endAllButFirst(): Promise<void> {
    for await (const session of server.client.sessions.list({ status: ["PENDING"] })) {
      await server.client.sessions.destroy(session.id);
    }
  }
});
