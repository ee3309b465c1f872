import assert from "node:assert/strict";
import type { SessionSummary } from "../../../../src/api/index.js";
import { SessionStore } from "../../../../src/sessions/sessionStore.js";
import { SessionFilter } from "../../../../src/sessions/tree/sessionFilter.js";
import { type ForestChange, SessionForest } from "../../../../src/sessions/tree/sessionForest.js";
import type { GroupItem, TreeItem } from "../../../../src/sessions/tree/sessionRows.js";
import { session } from "../../../support/records.js";

describe("SessionForest", () => {
  let store: SessionStore;
  let forest: SessionForest;
  let drawn: ForestChange[];

  beforeEach(() => {
    store = new SessionStore();
    forest = new SessionForest(store);
    drawn = [];
    forest.onDidChange((row) => drawn.push(row));
  });
  afterEach(() => forest.dispose());

  /** The newest first: `s0` is newer than `s1`. */
  const made = (index: number, more: Partial<SessionSummary> = {}): SessionSummary =>
    session({
      id: `s${index}`,
      name: `name-${index}`,
      createdAt: new Date(Date.UTC(2026, 0, 1) - index * 1000),
      ...more,
    });
  const has = (...sessions: SessionSummary[]): void => store.replace({ phase: "ready", sessions });
  const words = (rows: readonly TreeItem[]): string =>
    rows
      .map((row) => (row.kind === "session" ? row.id : row.kind === "group" ? `[${row.group}]` : "…"))
      .join(" ");
  const group = (name: string): GroupItem => {
    const found = forest.roots().find((row) => row.kind === "group" && row.group === name);
    assert.ok(found?.kind === "group", `there is a group ${name}`);
    return found;
  };
  const some = (count: number, more: Partial<SessionSummary> = {}): SessionSummary[] =>
    Array.from({ length: count }, (_, index) => made(index, more));

  it("is a plain list for who has a few sessions, by state and age", () => {
    has(made(1), made(2, { status: "PENDING" }), made(0));
    assert.equal(words(forest.roots()), "s0 s1 s2 [ended]");
    assert.equal(forest.parentOf({ kind: "session", id: "s0", session: made(0) }), undefined);
  });

  it("has groups from the sixth session on, and a plain list again for three", () => {
    has(...some(5));
    assert.equal(words(forest.roots()), "s0 s1 s2 s3 s4 [ended]");
    store.update({ put: [made(5, { status: "PENDING" })] });
    assert.equal(words(forest.roots()), "[running] [waiting] [ended]");
    assert.equal(words(forest.children(group("running"))), "s0 s1 s2 s3 s4");
    assert.equal(words(forest.children(group("waiting"))), "s5");
    store.update({ remove: ["s0", "s1"] });
    assert.equal(words(forest.roots()), "[running] [waiting] [ended]");
    store.update({ remove: ["s2"] });
    assert.equal(words(forest.roots()), "s3 s4 s5 [ended]");
  });

  it("puts every state into a group of its own, those of newer servers too", () => {
    const statuses = ["RUNNING", "PULLING", "PENDING", "ERROR", "HIBERNATING", "TERMINATING"];
    has(...statuses.map((status, index) => made(index, { status })));
    assert.equal(words(forest.roots()), "[running] [starting] [waiting] [failed] [unknown] [ending] [ended]");
  });

  it("draws one row anew for a change of one session", () => {
    has(...some(1000));
    drawn.length = 0;
    store.update({ put: [made(700, { tag: "changed" })] });
    store.update({ put: [made(3, { tag: "changed" })] });
    assert.deepEqual(
      drawn.map((row) => row?.kind === "session" && row.session.tag),
      ["changed", "changed"],
    );
    assert.equal(drawn[1], forest.itemOf("s3"));
  });

  it("draws two groups anew for a session that goes from one to the other", () => {
    has(...some(20), made(20, { status: "PENDING" }), made(21, { status: "PENDING" }));
    drawn.length = 0;
    store.update({ put: [made(20)] });
    assert.deepEqual(drawn, [group("waiting"), group("running")]);
    assert.ok(words(forest.children(group("running"))).endsWith("s19 s20"));
    drawn.length = 0;
    store.update({ remove: ["s4"] });
    assert.deepEqual(drawn, [group("running")]);
    drawn.length = 0;
    store.update({ put: [made(21)] }); // the group of those that wait is empty
    assert.deepEqual(drawn, [undefined]);
  });

  it("draws all anew where a plain list changes its order, but one row where it does not", () => {
    has(...some(3));
    drawn.length = 0;
    store.update({ put: [made(1, { tag: "changed" })] });
    assert.deepEqual(drawn, [forest.itemOf("s1")]);
    drawn.length = 0;
    store.update({ put: [made(0, { status: "TERMINATING" })] });
    assert.deepEqual(drawn, [undefined]);
    assert.equal(words(forest.roots()), "s1 s2 s0 [ended]");
  });

  it("keeps the row of a session as long as the session is there", () => {
    has(...some(10));
    const item = forest.itemOf("s4");
    store.update({ put: [made(4, { status: "TERMINATING" })] });
    assert.equal(forest.itemOf("s4"), item);
    assert.equal(item?.session.status, "TERMINATING");
    assert.equal(item && forest.parentOf(item), group("ending"));
  });

  it("agrees with a list that is sorted anew, whatever happens", () => {
    has(...some(50));
    const statuses = ["RUNNING", "PENDING", "TERMINATING", "PULLING"];
    let seed = 7;
    const random = (limit: number): number => {
      seed = (seed * 48_271) % 0x7fffffff;
      return seed % limit;
    };
    for (let round = 0; round < 2000; round += 1) {
      const index = random(60);
      const status = statuses[random(4)] ?? "";
      if (round % 100 === 99) {
        forest.filter = new SessionFilter(round % 200 === 99 ? "name-1" : "");
      }
      store.update(random(4) === 0 ? { remove: [`s${index}`] } : { put: [made(index, { status })] });
    }
    forest.filter = new SessionFilter("name");
    assert.equal(forest.passing, store.size);
    const shown = forest
      .roots()
      .flatMap((row) => (row.kind === "group" && row.group !== "ended" ? forest.children(row) : [row]))
      .flatMap((row) => (row.kind === "session" ? row.id : []));
    assert.deepEqual(
      shown,
      store.snapshot.sessions.map(({ id }) => id),
    );
    assert.equal(forest.running, store.snapshot.sessions.filter(({ status }) => status === "RUNNING").length);
  });

  it("filters by every word in name, image, state, tag, owner and id", () => {
    has(
      made(0, { name: "train-a", image: "stable/python:3.11", tag: "thesis" }),
      made(1, { name: "train-b", image: "stable/r-base:4", status: "PENDING" }),
      made(2, { ownerEmail: "Ada@Lab.com" }),
    );
    const passing = (text: string): string => {
      forest.filter = new SessionFilter(text);
      return words(forest.roots());
    };
    assert.equal(passing("TRAIN"), "s0 s1 [ended]");
    assert.equal(passing("train python"), "s0 [ended]");
    assert.equal(passing("pending"), "s1 [ended]");
    assert.equal(passing("thesis"), "s0 [ended]");
    assert.equal(passing("ada@lab"), "s2 [ended]");
    assert.equal(passing("nothing like it"), "");
    assert.equal(passing("  "), "s0 s2 s1 [ended]");
  });

  it("keeps to the filter when sessions change", () => {
    has(...some(10, { tag: "old" }));
    forest.filter = new SessionFilter("new");
    assert.equal(words(forest.roots()), "");
    store.update({ put: [made(4, { tag: "new" })] });
    assert.equal(words(forest.children(group("running"))), "s4");
    store.update({ put: [made(4, { tag: "old" })] });
    assert.equal(forest.passing, 0);
    assert.equal(forest.running, 10, "the badge counts all");
  });

  it("shows 500 rows of a group, and twice as many with each “Show more”", () => {
    has(...some(1800));
    assert.equal(forest.children(group("running")).length, 501);
    assert.equal(forest.hiddenIn("running"), 1300);
    forest.showMore("running");
    assert.equal(forest.children(group("running")).length, 1001);
    forest.showMore("running");
    assert.equal(words(forest.children(group("running")).slice(-1)), "s1799");
  });

  it("has those that ended below the others, and alone when somebody asks for them", () => {
    has();
    assert.equal(words(forest.roots()), "");
    forest.showEnded();
    assert.equal(words(forest.roots()), "[ended]");
    const over = made(0, { status: "TERMINATED", terminatedAt: new Date() });
    store.setEnded({ phase: "ready", spanMs: 86_400_000, sessions: [over] });
    assert.equal(words(forest.children(group("ended"))), "s0 …");
    assert.equal(drawn.at(-1), group("ended"));
    store.setEnded({ phase: "ready", spanMs: Infinity, sessions: [over] });
    assert.equal(words(forest.children(group("ended"))), "s0");
    has();
    assert.equal(words(forest.roots()), "", "another server");
  });
});
