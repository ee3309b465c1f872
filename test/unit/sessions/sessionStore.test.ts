import assert from "node:assert/strict";
import { type SessionsChange, SessionStore } from "../../../src/sessions/sessionStore.js";
import { session } from "../../support/records.js";

describe("SessionStore", () => {
  let store: SessionStore;
  let changes: SessionsChange[];

  beforeEach(() => {
    store = new SessionStore();
    changes = [];
    store.onDidChange((change) => changes.push(change));
  });

  const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));

  it("tells of the sessions that changed, and of no other", () => {
    store.update({ put: [session({ id: "a" }), session({ id: "b" })] });
    store.update({ put: [session({ id: "a" }), session({ id: "b", status: "TERMINATING" })] });
    store.update({ put: [session({ id: "a" })], remove: ["b", "never"] });
    assert.deepEqual(changes, [
      { kind: "sessions", ids: ["a", "b"] },
      { kind: "sessions", ids: ["b"] },
      { kind: "sessions", ids: ["b"] },
    ]);
    assert.equal(store.find("b"), undefined);
  });

  it("tells of the ends of sessions, not of those that are looked at no longer", () => {
    const ended: string[] = [];
    const hook = store.onDidEnd((id) => ended.push(id));
    store.update({ put: [session({ id: "a" }), session({ id: "b" }), session({ id: "c" })] });
    store.update({ put: [session({ id: "a", status: "TERMINATING" })], remove: ["b", "never"] });
    store.replace({ phase: "unknown", sessions: [] });
    assert.deepEqual(ended, ["b"]);
    hook.dispose();
    store.update({ put: [session({ id: "d" })] });
    store.update({ remove: ["d"] });
    assert.deepEqual(ended, ["b"]);
  });

  it("takes the same facts for no change, also times", () => {
    store.update({ put: [session({ id: "a", createdAt: at(1) })] });
    store.update({ put: [session({ id: "a", createdAt: at(1) })] });
    assert.equal(changes.length, 1);
    store.update({ put: [session({ id: "a", createdAt: at(2) })] });
    assert.equal(changes.length, 2);
  });

  it("puts running sessions first, then the newest", () => {
    store.update({
      put: [
        session({ id: "old", createdAt: at(1) }),
        session({ id: "waiting", status: "PENDING", createdAt: at(9) }),
        session({ id: "new", createdAt: at(3) }),
        session({ id: "failed", status: "ERROR", createdAt: at(8) }),
        session({ id: "strange", status: "A_NEWER_STATUS", createdAt: at(8) }),
      ],
    });
    const ids = store.snapshot.sessions.map(({ id }) => id);
    assert.deepEqual(ids, ["new", "old", "waiting", "failed", "strange"]);
  });

  it("finds sessions by name, however they are renamed and go", () => {
    store.update({ put: [session({ id: "a", name: "one" }), session({ id: "b", name: "one" })] });
    assert.deepEqual(store.named("one"), ["a", "b"]);
    store.update({ put: [session({ id: "a", name: "two" })] });
    store.update({ remove: ["b"] });
    assert.deepEqual([store.named("one"), store.named("two")], [[], ["a"]]);
  });

  it("keeps those that are over apart, what ended last first", () => {
    store.setEnded({
      phase: "ready",
      spanMs: 1000,
      sessions: [
        session({ id: "first", status: "TERMINATED", terminatedAt: at(1) }),
        session({ id: "last", status: "CANCELLED", terminatedAt: at(2) }),
      ],
    });
    assert.deepEqual(
      store.ended.sessions.map(({ id }) => id),
      ["last", "first"],
    );
    assert.deepEqual(store.snapshot.sessions, []);
    assert.equal(store.find("first")?.status, "TERMINATED");
    assert.equal(store.has("first"), false);
    store.replace({ phase: "unknown", sessions: [] });
    assert.equal(store.find("first"), undefined);
  });
});
