import assert from "node:assert/strict";
import { sessionNode } from "../../../src/sessions/sessionTree.js";
import { session } from "../../support/records.js";

describe("sessionNode", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");

  const descriptions: readonly [status: string, minutes: number, description: string, context: string][] = [
    ["RUNNING", 0, "python:3.11 · just started", "session.running"],
    ["RUNNING", 5, "python:3.11 · 5 min", "session.running"],
    ["RUNNING", 125, "python:3.11 · 2 h 5 min", "session.running"],
    ["PENDING", 1, "pending · python:3.11 · 1 min", "session.waiting"],
    ["RUNNING_DEGRADED", 1, "running degraded · python:3.11 · 1 min", "session.running"],
    ["TERMINATING", 1, "terminating · python:3.11 · 1 min", "session.ending"],
    ["SOMETHING_NEW", 1, "something new · python:3.11 · 1 min", "session.unknown"],
  ];
  for (const [status, minutes, description, context] of descriptions) {
    it(`describes ${status} after ${String(minutes)} min`, () => {
      const createdAt = new Date(now - minutes * 60_000);
      const node = sessionNode(session({ status, createdAt, image: "registry/stable/python:3.11" }), { now });
      assert.equal(node.description, description);
      assert.equal(node.contextValue, context);
    });
  }

  it("says whose it is and how large a cluster is, where that is asked for", () => {
    const shown = session({ image: "a/python:3", ownerEmail: "ada@lab.com", clusterSize: 3 });
    assert.equal(
      sessionNode(shown, { now, showsOwner: true }).description,
      "ada@lab.com · python:3 · 3 containers",
    );
    assert.match(sessionNode(shown, { now, showsOwner: true }).accessibleLabel, /of ada@lab\.com$/);
  });

  it("says when a session ended, and has an id of its own for it", () => {
    const terminatedAt = new Date(now - 3 * 86_400_000);
    const { id, description } = sessionNode(session({ status: "TERMINATED", terminatedAt }), { now });
    assert.equal(description, "python:3.11 · ended 3 days ago");
    assert.match(id, /^ended:/);
  });
});
