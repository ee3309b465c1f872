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
    ["RUNNING_DEGRADED", 1, "python:3.11 · 1 min", "session.running"],
    ["TERMINATING", 1, "terminating · python:3.11 · 1 min", "session.ending"],
    ["SOMETHING_NEW", 1, "something new · python:3.11 · 1 min", "session.unknown"],
  ];
  for (const [status, minutes, description, context] of descriptions) {
    it(`describes ${status} after ${String(minutes)} min`, () => {
      const createdAt = new Date(now - minutes * 60_000);
      const node = sessionNode(session({ status, createdAt, image: "registry/stable/python:3.11" }), now);
      assert.equal(node.description, description);
      assert.equal(node.contextValue, context);
    });
  }

  it("keeps server text from becoming a link in the tooltip", () => {
    const { tooltip } = sessionNode(session({ name: "[x](command:rm)", statusInfo: "<img src=x>" }), now);
    assert.match(tooltip, /\\\[x\\\]\\\(command:rm\\\)/);
    assert.match(tooltip, /\\<img src=x\\>/);
  });
});
