import assert from "node:assert/strict";
import { LoginBlockedError, RateLimitedError } from "../../../src/api/index.js";
import { startLocalServer } from "../../support/localServer.js";
import { problem, withServer } from "./support/scriptedServer.js";

describe("a server that takes no more requests", () => {
  const at = withServer({ timeouts: { busyMs: 2500 } });

  it("is asked again after pauses of our own, whatever the request does", async () => {
    let calls = 0;
    at.server.answer = (_, response) => {
      calls += 1;
      if (calls < 3) {
        problem(response, 429, "rate-limit-exceeded");
        return undefined;
      }
      return { status: "RUNNING" };
    };
    const startedAt = performance.now();
    await at.client.sessions.interrupt("x");
    assert.equal(calls, 3);
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs > 1200 && tookMs < 2400, `${tookMs} ms for half a second and a second`);
  });

  it("is given up in the end, with what it allows", async () => {
    await at.reconnect({ timeouts: { busyMs: 600 } });
    let calls = 0;
    at.server.answer = (_, response) => {
      calls += 1;
      response.setHeader("X-RateLimit-Limit", "30000");
      problem(response, 429, "rate-limit-exceeded");
    };
    await assert.rejects(at.client.sessions.info("x"), (error) => {
      assert.ok(error instanceof RateLimitedError);
      assert.equal(error.limit, 30_000);
      return true;
    });
    assert.equal(calls, 2);
  });

  it("is waited for as long as it says, and not at all when that is too long", async () => {
    let calls = 0;
    let seconds = "1";
    at.server.answer = (_, response) => {
      calls += 1;
      response.setHeader("Retry-After", seconds);
      if (calls === 1) {
        problem(response, 429, "rate-limit-exceeded");
        return undefined;
      }
      return { status: "RUNNING" };
    };
    const startedAt = performance.now();
    await at.client.sessions.info("x");
    assert.ok(performance.now() - startedAt >= 990);
    calls = 0;
    seconds = "900";
    await assert.rejects(at.client.sessions.info("x"), RateLimitedError);
    assert.equal(calls, 1);
  });

  it("is no longer waited for when the person gives up", async () => {
    at.server.answer = (_, response) => problem(response, 429, "rate-limit-exceeded");
    const controller = new AbortController();
    const asking = at.client.sessions.info("x", { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await assert.rejects(asking, { name: "AbortError" });
  });

  it("is not asked again for logins: more of them make it worse", async () => {
    let calls = 0;
    at.server.answer = (_, response) => {
      calls += 1;
      problem(response, 429, "login-blocked");
    };
    await assert.rejects(at.client.auth.authorize({ username: "a", password: "b" }), LoginBlockedError);
    assert.equal(calls, 1);
  });

  it("is the engine, when its limit is small", async () => {
    const local = await startLocalServer({ rateLimit: 3 }, { timeouts: { busyMs: 600 } });
    for (let count = 0; count < 3; count += 1) {
      await local.client.auth.test();
    }
    await assert.rejects(
      local.client.auth.test(),
      (error) => error instanceof RateLimitedError && error.limit === 3,
    );
    await local.stop();
  });
});
