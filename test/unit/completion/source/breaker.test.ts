import assert from "node:assert/strict";
import { Breaker } from "../../../../src/completion/source/breaker.js";

describe("Breaker", () => {
  let now: number;
  let breaker: Breaker;
  let changes: number;

  beforeEach(() => {
    now = 0;
    changes = 0;
    breaker = new Breaker({ budgetMs: 300, now: () => now, random: () => 0.5 });
    breaker.onDidChange(() => (changes += 1));
  });

  function fail(times: number): void {
    for (let count = 0; count < times; count += 1) {
      assert.ok(breaker.begin());
      breaker.failed("it said no");
    }
  }

  it("rests after three failures in a row, not after three with an answer between", () => {
    fail(2);
    assert.ok(breaker.begin());
    breaker.succeeded(10);
    fail(2);
    assert.deepEqual(breaker.state, { phase: "on" });
    fail(1);
    assert.deepEqual(breaker.state, { phase: "resting", reason: "it said no", until: 30_000 });
    assert.equal(breaker.begin(), false);
    assert.equal(changes, 1);
  });

  it("rests when five answers in a row are slow", () => {
    for (let count = 0; count < 5; count += 1) {
      assert.ok(breaker.begin());
      breaker.succeeded(400);
    }
    assert.equal(breaker.state.phase, "resting");
    now = 30_000;
    assert.ok(breaker.begin());
    breaker.succeeded(400);
    assert.deepEqual(breaker.state.phase === "resting" && breaker.state.until, 90_000, "still slow");
  });

  it("counts harm that an answered question did", () => {
    for (let count = 0; count < 3; count += 1) {
      assert.ok(breaker.begin());
      breaker.failed("a run had to wait for it");
      breaker.succeeded(20);
    }
    assert.equal(breaker.state.phase, "resting");
  });

  it("lets one question try, rests for up to ten minutes, and works again once one is answered", () => {
    fail(3);
    const rests: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      const { state } = breaker;
      assert.ok(state.phase === "resting");
      rests.push((state.until - now) / 1000);
      now = state.until;
      assert.ok(breaker.begin());
      assert.equal(breaker.begin(), false, "one at a time");
      breaker.failed("it said no");
    }
    assert.deepEqual(rests, [30, 60, 120, 240, 480, 600, 600]);
    now += 600_000;
    assert.ok(breaker.begin());
    breaker.dropped();
    assert.ok(breaker.begin(), "one that nobody wanted proves nothing");
    breaker.succeeded(5);
    assert.deepEqual(breaker.state, { phase: "on" });
    fail(3);
    assert.deepEqual(breaker.state.phase === "resting" && breaker.state.until - now, 30_000);
  });
});
