import assert from "node:assert/strict";
import { row, type SessionServer } from "../../../support/sessionServer.js";
import { until } from "../../../support/until.js";
import { Followed } from "../support/followed.js";

describe("SessionFeed, on a server that does what a test says", () => {
  let at: Followed;
  let server: SessionServer;

  const watch = async (on = server): Promise<void> => {
    at.feed.setWatched(true);
    await at.connect(on);
    await until("the list and the events", () => at.store.state.phase === "ready" && on.streams === 1);
    await until("the second look at the newest", () => on.count("list 0") === 2);
  };
  const event = (name: string, id: string, more: Readonly<Record<string, unknown>> = {}): void =>
    server.tell(name, { sessionId: id, sessionName: `name-${id}`, reason: "", exitCode: null, ...more });
  const many = (count: number): ReturnType<typeof row>[] =>
    Array.from({ length: count }, (_, index) => row(`s${index}`));

  beforeEach(async () => {
    at = new Followed();
    server = await at.server();
  });
  afterEach(async () => at.end());

  it("shows the first page after one answer, however long the others take", async () => {
    server.rows = many(350);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    server.hold = (asked) => (asked === "list 0" ? undefined : held);
    at.feed.setWatched(true);
    await at.connect(server);
    await until("the first page", () => at.store.size === 100);
    assert.equal(at.store.state.phase, "loading");
    assert.ok(at.forest.roots().length > 0, "it is on show");
    assert.equal(
      server.asked.find((asked) => asked.startsWith("list")),
      "list 0",
    );
    release();
    await until("all pages", () => at.store.state.phase === "ready");
    assert.equal(at.store.size, 350);
  });

  it("asks for no more than three pages at once", async () => {
    server.rows = many(1000);
    let atOnce = 0;
    let most = 0;
    server.hold = async (asked) => {
      if (asked.startsWith("list") && asked !== "list 0") {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atOnce -= 1;
      }
    };
    await watch();
    assert.equal(at.store.size, 1000);
    assert.ok(most > 1 && most <= 3, String(most));
  });

  it("changes the one session that an event names, without asking anything", async () => {
    server.rows = many(300);
    await watch();
    const before = server.asked.length;
    at.changes.length = 0;
    at.drawn.length = 0;
    event("session_terminating", "s7", { reason: "user-requested" });
    await until("the change", () => at.store.find("s7")?.status === "TERMINATING");
    assert.equal(at.store.find("s7")?.statusInfo, "user-requested");
    event("session_terminated", "s7", { reason: "user-requested" });
    await until("the end", () => !at.store.has("s7"));
    assert.equal(server.asked.length, before);
    assert.deepEqual(at.changes, [
      { kind: "sessions", ids: ["s7"] },
      { kind: "sessions", ids: ["s7"] },
    ]);
    assert.equal(at.store.size, 299);
  });

  it("asks once about a session that many events name, and about a new one", async () => {
    server.rows = many(3);
    await watch();
    server.rows = [row("new", { status: "PREPARING" }), ...server.rows];
    for (const name of ["session_scheduled", "kernel_preparing", "kernel_creating", "kernel_pulling"]) {
      event(name, "new");
    }
    await until("the new session", () => at.store.find("new")?.status === "PREPARING");
    assert.equal(server.count("one new"), 1);
    assert.equal(server.count("list"), 2);
  });

  it("asks again where an event says that a session goes on, and the server is not there yet", async () => {
    server.rows = [row("s", { status: "PREPARING" })];
    await watch();
    server.hold = (asked) => {
      if (asked === "one s") {
        server.set("s", { status: "RUNNING" }); // after this answer
      }
      return undefined;
    };
    event("kernel_started", "s");
    await until("the session to run", () => at.store.find("s")?.status === "RUNNING");
    assert.equal(server.count("one s"), 2);
    assert.equal(server.count("list"), 2);
  });

  it("bears statuses and events of newer servers", async () => {
    server.rows = [row("s", { status: "RUNNING" })];
    await watch();
    server.set("s", { status: "HIBERNATING" });
    event("session_hibernating", "s");
    await until("the status", () => at.store.find("s")?.status === "HIBERNATING");
    await at.feed.refresh();
    assert.ok(at.store.has("s"), "a list can't be asked for that status");
    server.tell("session_started", {});
    server.tell("moon_rises", { phase: "full" });
    event("session_started", "s");
    await until("the next event", () => at.store.find("s")?.status === "RUNNING");
  });

  it("does not let an answer undo an event that came while it was on its way", async () => {
    server.rows = many(150);
    await watch();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    server.hold = (asked) => (asked === "list 100" ? held : undefined);
    const reading = at.feed.refresh();
    await until("the question", () => server.count("list 100") === 2);
    event("session_terminated", "s120");
    event("session_terminating", "s121");
    await until("the events", () => at.store.find("s121")?.status === "TERMINATING");
    release();
    await reading;
    assert.equal(at.store.has("s120"), false);
    assert.equal(at.store.find("s121")?.status, "TERMINATING");
  });

  it("reads the list again when so many sessions changed that asking one by one would be more", async () => {
    server.rows = many(300).map((each) => ({ ...each, status: "PREPARING" }));
    await watch();
    server.rows = server.rows.map((each) => ({ ...each, status: "RUNNING" }));
    for (let index = 0; index < 300; index += 1) {
      event("kernel_pulling", `s${index}`);
    }
    await until("all of them", () => at.forest.running === 300);
    assert.ok(server.count("one") < 100, String(server.count("one")));
  });

  it("lists again after a lost connection, and asks nothing while nobody looks", async () => {
    server.rows = many(2);
    await watch();
    server.rows = many(3);
    server.cutEvents();
    await until("the session that came meanwhile", () => at.store.size === 3);
    await until(
      "the events and the second look again",
      () => server.streams === 1 && server.count("list 0") === 4,
    );
    at.feed.setWatched(false);
    await until("the stream to end", () => server.streams === 0);
    const before = server.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 700)); // longer than a reconnection takes
    assert.equal(server.asked.length, before);
  });

  it("forgets sessions that a list does not have any more", async () => {
    server.rows = many(250);
    await watch();
    server.rows = server.rows.filter(({ id }) => id !== "s200");
    await at.feed.refresh();
    assert.equal(at.store.has("s200"), false);
    assert.equal(at.store.size, 249);
  });

  it("says that it is not up to date when the server refuses, and goes on when it answers", async () => {
    server.rows = many(2);
    await watch();
    server.refusal = 503;
    await assert.rejects(at.feed.refresh());
    assert.equal(at.store.state.phase, "stale");
    assert.equal(at.store.size, 2);
    server.refusal = undefined;
    await at.feed.refresh();
    assert.equal(at.store.state.phase, "ready");
  });

  it("reads sessions that are over when asked for, those of the last day first", async () => {
    const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
    server.rows = [
      row("live"),
      row("today", { status: "TERMINATED", terminated_at: ago(1) }),
      row("cancelled", { status: "CANCELLED", created_at: ago(2) }),
      row("week", { status: "TERMINATED", terminated_at: ago(80) }),
      row("month", { status: "TERMINATED", terminated_at: ago(300) }),
    ];
    await watch();
    assert.equal(server.count("ended"), 0);
    const ids = (): string[] => at.store.ended.sessions.map(({ id }) => id);
    await at.feed.readEnded();
    assert.deepEqual(ids(), ["today", "cancelled"]);
    await at.feed.readMoreEnded();
    assert.deepEqual(ids(), ["today", "cancelled", "week"]);
    event("session_terminated", "live", { reason: "user-requested" });
    await until("the end", () => ids()[0] === "live");
    assert.equal(at.store.find("live")?.statusInfo, "user-requested");
  });

  it("shows that a session ended while no events came, where those that ended are on show", async () => {
    server.rows = many(2);
    await watch();
    await at.feed.readEnded();
    server.cutEvents();
    server.set("s1", { status: "TERMINATED", terminated_at: new Date().toISOString() });
    await until("its end", () => at.store.find("s1")?.status === "TERMINATED");
    assert.equal(at.store.has("s1"), false);
  });

  it("shows administrators their own sessions, and everybody's when they want", async () => {
    const admin = await at.server({ role: { global_role: "superadmin", domain_role: "admin" } });
    admin.rows = [row("mine"), row("theirs", { access_key: "AKIAOTHER", user_email: "other@lablup.com" })];
    at.feed.setWatched(true);
    await at.connect(admin);
    await until("the role", () => at.feed.scope.isAdministrator && at.store.state.phase === "ready");
    assert.deepEqual(at.names(), ["name-mine"]);
    await until("the events", () => admin.streams === 1);
    admin.tell("session_started", { sessionId: "theirs", ownerAccessKey: "AKIAOTHER" });
    at.feed.setScope("all");
    assert.deepEqual(at.names(), [], "what is on show is what is asked for");
    await until("all sessions", () => at.store.size === 2);
    assert.equal(at.store.find("theirs")?.ownerEmail, "other@lablup.com");
    assert.equal(admin.count("one theirs"), 0);
    at.feed.setScope("own");
    await until("one's own", () => at.store.state.phase === "ready");
    assert.deepEqual(at.names(), ["name-mine"]);
  });
});

describe("SessionFeed, between two servers", () => {
  let at: Followed;
  let left: SessionServer;
  let next: SessionServer;
  /** Names that were on show at any moment since the server was left. */
  let seen: Set<string>;

  beforeEach(async () => {
    at = new Followed();
    left = await at.server();
    next = await at.server();
    left.rows = Array.from({ length: 250 }, (_, index) => row(`left-${index}`));
    next.rows = [row("next")];
    seen = new Set();
    at.connection.onDidChange(() => seen.clear());
    at.store.onDidChange(() => {
      for (const { id } of at.store.live()) {
        seen.add(id);
      }
    });
    at.feed.setWatched(true);
  });
  afterEach(async () => at.end());

  const settled = async (): Promise<void> => {
    await until("the other server's list", () => at.store.state.phase === "ready" && at.store.has("next"));
    assert.deepEqual([...seen], ["next"]);
    assert.deepEqual(at.names(), ["name-next"]);
    assert.deepEqual(
      at.forest.roots().map((each) => (each.kind === "session" ? each.id : each.kind)),
      ["next", "group"],
    );
  };

  it("drops pages of a list that arrive late", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    left.hold = (asked) => (asked === "list 100" ? held : undefined);
    await at.connect(left);
    await until("the question", () => left.count("list 100") === 1);
    const connecting = at.connect(next);
    release();
    await connecting;
    await settled();
  });

  it("drops events that arrive late", async () => {
    await at.connect(left);
    await until("all sessions", () => at.store.state.phase === "ready" && left.streams === 1);
    const connecting = at.connect(next);
    left.tell("session_enqueued", { sessionId: "left-new" });
    left.tell("session_terminating", { sessionId: "left-1" });
    await connecting;
    left.tell("session_terminating", { sessionId: "left-2" });
    await settled();
  });

  it("drops answers about single sessions and ended ones that arrive late", async () => {
    await at.connect(left);
    await until("all sessions", () => at.store.state.phase === "ready" && left.streams === 1);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    left.hold = () => held;
    left.tell("kernel_pulling", { sessionId: "left-1" });
    const ended = at.feed.readEnded().catch(() => undefined);
    await until("the questions", () => left.count("one") === 1 && left.count("ended") === 1);
    const connecting = at.connect(next);
    release();
    await connecting;
    await ended;
    await settled();
    assert.equal(at.store.ended.phase, "unknown");
  });
});
