import assert from "node:assert/strict";
import { ConnectionStore } from "../../../src/account/connectionStore.js";
import { profileOf } from "../../../src/account/profiles/profile.js";
import { Emitter } from "../../../src/base/event.js";
import { silentLogger } from "../../../src/base/logger.js";
import { SessionFeed } from "../../../src/sessions/sessionFeed.js";
import { SessionStore, type SessionsSnapshot } from "../../../src/sessions/sessionStore.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { until } from "../../support/until.js";

describe("SessionFeed, on a real engine", () => {
  let server: LocalServer;
  let connection: ConnectionStore;
  let store: SessionStore;
  let feed: SessionFeed;

  beforeEach(async () => {
    server = await startLocalServer();
    const open = {
      client: server.client,
      onDidClose: new Emitter<Error>().event,
      close: () => Promise.resolve(),
    };
    connection = new ConnectionStore(
      ({ kind }) => (kind === "local" ? Promise.resolve(open) : Promise.reject(new Error("out of reach"))),
      silentLogger,
    );
    store = new SessionStore();
    feed = new SessionFeed({ connection, store, logger: silentLogger });
  });

  afterEach(async () => {
    feed.dispose();
    await server.stop();
  });

  const seen = (what: string, wanted: (snapshot: SessionsSnapshot) => boolean): Promise<boolean> =>
    until(what, () => wanted(store.snapshot));

  it("asks nothing while nobody looks", async () => {
    await connection.connect({ kind: "local" });
    assert.deepEqual(store.snapshot, { phase: "unknown", sessions: [] });
  });

  it("follows sessions that others start and end, by events", async () => {
    feed.setWatched(true);
    await connection.connect({ kind: "local" });
    await seen("an empty list", ({ phase, sessions }) => phase === "ready" && sessions.length === 0);
    const { id } = await server.client.sessions.create({ image: "python", name: "seen-1" });
    await seen(
      "the new session",
      ({ sessions }) => sessions[0]?.id === id && sessions[0].status === "RUNNING",
    );
    await server.client.sessions.destroy(id);
    await seen("its end", ({ sessions }) => sessions.length === 0);
  });

  it("forgets the sessions of a server at once when it is left", async () => {
    feed.setWatched(true);
    await server.client.sessions.create({ image: "python", name: "left-1" });
    await connection.connect({ kind: "local" });
    await seen("the session", ({ sessions }) => sessions.length === 1);
    const leaving = connection.disconnect();
    assert.deepEqual(store.snapshot, { phase: "unknown", sessions: [] });
    await leaving;
  });

  it("keeps what it knew when the server goes, and says that it is stale", async () => {
    feed.setWatched(true);
    await connection.connect({ kind: "local" });
    await server.client.sessions.create({ image: "python", name: "stale-1" });
    await seen("the session", ({ sessions }) => sessions.length === 1);
    await server.engine.close();
    await seen("the loss", ({ phase }) => phase === "stale");
    assert.equal(store.snapshot.sessions.length, 1);
    assert.ok(store.snapshot.error instanceof Error);
  });

  it("knows its sessions again when another server was tried in vain, though nobody looks", async () => {
    await server.client.sessions.create({ image: "python", name: "back-1" });
    await connection.connect({ kind: "local" });
    await feed.refresh();
    const profile = profileOf({ name: "Away", endpoint: "https://away.example" });
    await assert.rejects(connection.connect({ kind: "profile", profile }));
    await seen("the session", ({ sessions }) => sessions.length === 1);
  });

  it("lists for who asked although the view is hidden meanwhile", async () => {
    feed.setWatched(true);
    await connection.connect({ kind: "local" });
    const { id } = await server.client.sessions.create({ image: "python", name: "hidden-1" });
    const refreshing = feed.refresh();
    feed.setWatched(false);
    await refreshing;
    assert.equal(store.find(id)?.name, "hidden-1");
  });

  it("drops a list that arrives after its server was left", async () => {
    await connection.connect({ kind: "local" });
    await server.client.sessions.create({ image: "python", name: "late-1" });
    const refreshing = feed.refresh();
    await connection.disconnect();
    await refreshing.catch(() => undefined);
    assert.deepEqual(store.snapshot, { phase: "unknown", sessions: [] });
  });

  it("refreshes on demand for who is connected but does not look", async () => {
    await connection.connect({ kind: "local" });
    const { id } = await server.client.sessions.create({ image: "python", name: "asked-1" });
    await feed.refresh();
    assert.equal(store.find(id)?.name, "asked-1");
  });
});
