import assert from "node:assert/strict";
import type { IdleChecks } from "../../../../src/api/index.js";
import { idleDeadline } from "../../../../src/sessions/lifecycle/idle/idleDeadline.js";

const now = Date.parse("2026-11-27T20:00:00Z");
const after = (remaining: number | null): IdleChecks[string] => ({
  remaining,
  remaining_time_type: "expire_after",
  extra: null,
});

describe("idleDeadline", () => {
  it("is none where servers report none, as all recorded ones did without limits", () => {
    assert.equal(idleDeadline({}, now), undefined);
    assert.equal(idleDeadline({ session_lifetime: after(null) }, now), undefined);
  });

  it("is the first of those that end the session", () => {
    const checks = { network_timeout: after(540.5), session_lifetime: after(7200) };
    assert.deepEqual(idleDeadline(checks, now), {
      kind: "idle",
      check: "network_timeout",
      at: now + 540_500,
    });
    const old = { network_timeout: after(540.5), session_lifetime: after(60) };
    assert.equal(idleDeadline(old, now)?.kind, "lifetime");
  });

  it("is now where the time is over: servers say −1", () => {
    assert.equal(idleDeadline({ network_timeout: after(-1) }, now)?.at, now);
  });

  it("is no time of grace, which ends nothing", () => {
    const grace = { remaining: 100, remaining_time_type: "grace_period", extra: null };
    assert.equal(idleDeadline({ user_grace_period: grace }, now), undefined);
    assert.equal(idleDeadline({ utilization: grace }, now), undefined);
  });

  it("is the end of the measurements of a session that used too little", () => {
    const of = (operator: string | undefined, resources: Record<string, [number, number]>): boolean => {
      const extra = { thresholds_check_operator: operator, resources };
      const utilization = { remaining: 300, remaining_time_type: "grace_period", extra };
      return idleDeadline({ utilization }, now)?.kind === "utilization";
    };
    const idleGpu: Record<string, [number, number]> = { cpu_util: [50, 30], cuda_util: [1, 10] };
    assert.equal(of("and", idleGpu), false);
    assert.equal(of(undefined, idleGpu), false);
    assert.equal(of("or", idleGpu), true);
    assert.equal(of("and", { cpu_util: [5, 30], cuda_util: [1, 10] }), true);
    assert.equal(of("and", {}), false);
  });

  it("knows checks of newer servers as such", () => {
    assert.deepEqual(idleDeadline({ budget: after(10) }, now), {
      kind: "other",
      check: "budget",
      at: now + 10_000,
    });
  });
});
