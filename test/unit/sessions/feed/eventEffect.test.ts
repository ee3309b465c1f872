import assert from "node:assert/strict";
import { effectOf, tellsEnd } from "../../../../src/sessions/feed/eventEffect.js";
import { dialectFor } from "../../../../src/wire/dialect.js";
import { lifecycleOf } from "../../../../src/wire/lifecycle.js";
import { releases } from "../../../../src/wire/releases.js";
import { phaseOf } from "../../../../src/wire/status.js";

describe("effectOf", () => {
  const cases: readonly [vocabulary: "kernel" | "session" | "transitions", name: string, effect: string][] = [
    ["kernel", "kernel_enqueued", "PENDING"],
    ["kernel", "kernel_pulling", "PULLING"],
    ["kernel", "kernel_creating", "PREPARING"],
    ["kernel", "kernel_started", "RUNNING"],
    ["kernel", "kernel_cancelled", "CANCELLED"],
    ["kernel", "kernel_success", "success"],
    ["session", "session_enqueued", "PENDING"],
    ["session", "session_started", "RUNNING"],
    ["session", "session_failure", "failure"],
    ["session", "kernel_started", "ask running"],
    ["session", "kernel_terminated", "ask ended"],
    ["session", "kernel_pulling", "ask"],
    ["transitions", "session_pending", "PENDING"],
    ["transitions", "session_creating", "CREATING"],
    ["transitions", "session_rescheduling", "RESCHEDULING"],
    ["transitions", "session_running_degraded", "RUNNING_DEGRADED"],
    ["transitions", "session_something_new", "ask"],
    ["transitions", "vfolder_created", "ask"],
  ];
  for (const [vocabulary, name, expected] of cases) {
    it(`takes ${name} of ${vocabulary} events for ${expected}`, () => {
      const effect = effectOf(name, { vocabulary });
      const words =
        effect.kind === "status"
          ? effect.status
          : effect.kind === "result"
            ? effect.result
            : `ask ${effect.expects ?? ""}`.trim();
      assert.equal(words, expected);
    });
  }

  it("never takes an event for another status than the release enters with it", () => {
    for (const { manager, apiVersion } of releases) {
      const { events } = dialectFor({ version: apiVersion, manager });
      const { creation, destruction } = lifecycleOf(manager);
      for (const { status, events: told } of [...creation, ...destruction]) {
        for (const { name } of told) {
          const effect = effectOf(name, events);
          assert.ok(
            effect.kind !== "status" || effect.status === status,
            `${manager}: ${name} is ${JSON.stringify(effect)}, not ${status}`,
          );
        }
      }
    }
  });

  it("knows ends, which need no look at a session that is not known", () => {
    const ends = ["session_terminated", "session_cancelled", "session_success", "kernel_terminated"];
    for (const name of ends) {
      assert.ok(tellsEnd(effectOf(name, { vocabulary: "session" })), name);
    }
    for (const name of ["session_started", "kernel_started", "session_something_new"]) {
      assert.ok(!tellsEnd(effectOf(name, { vocabulary: "session" })), name);
    }
    assert.equal(phaseOf("TERMINATING"), "ending");
  });
});
