import assert from "node:assert/strict";
import { Authenticator } from "../../../src/engine/auth/authenticator.js";
import { makeAccount } from "../../../src/engine/auth/account.js";
import { LoginGuard } from "../../../src/engine/auth/logins/loginGuard.js";
import { RateLimit } from "../../../src/engine/auth/rateLimit.js";
import { WebSessions } from "../../../src/engine/auth/logins/webSessions.js";
import { eraFor } from "../../../src/engine/era.js";
import { Refusal } from "../../../src/engine/http/refusal.js";
import { acceptsVersion } from "../../../src/wire/serverRules.js";
import type { Sent } from "./support/client.js";
import { engines } from "./support/engines.js";

const minutes = (count: number): string => new Date(Date.now() + count * 60_000).toISOString();

describe("engine authentication", () => {
  const start = engines();

  type Row = readonly [name: string, sent: Sent, status: number, slug: string, msg: string];
  const rows: Readonly<Record<string, readonly Row[]>> = {
    "20.03": [
      ["a wrong secret", { secretKey: "wrong" }, 401, "auth-failed", "Unauthorized access"],
      ["an unknown key", { accessKey: "AKIANOBODY" }, 401, "auth-failed", "Access key not found"],
      ["no signature and no date", { unsigned: true }, 400, "invalid-auth-params", "Date/time sync error"],
    ],
    "23.09": [
      ["a wrong secret", { secretKey: "wrong" }, 401, "auth-failed", "Signature mismatch"],
      ["an old date", { date: minutes(-15.2) }, 400, "invalid-auth-params", "Date/time sync error"],
      [
        "a version of nobody",
        { version: "v99.20300101" },
        400,
        "generic-bad-request",
        "Unsupported API version.",
      ],
    ],
    "26.8": [
      ["a wrong secret", { secretKey: "wrong" }, 401, "auth-failed", "HMAC signature mismatch"],
      ["an unknown key", { accessKey: "AKIANOBODY" }, 401, "auth-failed", "Access key not found in HMAC"],
      ["no signature", { unsigned: true }, 401, "auth-failed", "Unauthorized access"],
      ["a date to come", { date: minutes(60) }, 400, "invalid-auth-params", "Date/time sync error"],
      ["no date at all", { date: "yesterday" }, 400, "invalid-auth-params", "Date/time sync error"],
      [
        "another scheme",
        { headers: { Authorization: "Bearer x" } },
        400,
        "invalid-auth-params",
        "Invalid authorization type name",
      ],
      [
        "half a header",
        { headers: { Authorization: "BackendAI signMethod=HMAC-SHA256" } },
        400,
        "invalid-auth-params",
        "Invalid authorization parameters",
      ],
      ["v6.20210815", { version: "v6.20210815" }, 400, "generic-bad-request", "Unsupported API version."],
      ["v1.20160101", { version: "v1.20160101" }, 401, "auth-failed", "HMAC signature mismatch"],
    ],
  };

  for (const [release, cases] of Object.entries(rows)) {
    for (const [name, sent, status, slug, msg] of cases) {
      it(`${release} refuses ${name} with ${String(status)} ${slug}`, async () => {
        const { client } = await start(release);
        const answer = await client.send("GET", "/auth", sent);
        assert.equal(answer.status, status);
        assert.equal(answer.at("type"), `https://api.backend.ai/probs/${slug}`);
        assert.equal(answer.at("msg"), msg);
        assert.match(String(answer.headers["content-type"]), /^application\/problem\+json/);
        assert.equal(answer.at("error_code") !== undefined, release === "26.8");
      });
    }
  }

  it("accepts dates almost 15 minutes off, older versions and content types with parameters", async () => {
    const { client } = await start();
    for (const sent of [
      { date: minutes(14.8) },
      { date: minutes(-14.8) },
      { date: new Date().toUTCString() },
      { version: "v5.20191215" },
      { raw: { type: "application/json; charset=utf-8", body: '{"echo":"hi"}' } },
    ]) {
      const answer = await client.send("POST", "/auth", sent);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.at("authorized"), "yes");
    }
  });

  it("makes secrets where the given ones are empty", () => {
    const account = makeAccount({ accessKey: "", secretKey: "", email: "", password: "" });
    assert.match(account.accessKey, /^AKIA[0-9A-F]{16}$/);
    assert.match(account.secretKey, /^[0-9a-f]{40}$/);
    assert.match(account.password, /^[0-9a-f]{20}$/);
    assert.equal(account.email, "user@localhost");
  });

  it("counts a date without a zone as UTC", () => {
    const era = eraFor("v9.20250722");
    const now = Date.parse("2026-01-02T03:04:05Z");
    const authenticator = new Authenticator(makeAccount({}), era, () => now);
    const headers = {
      authorization: "BackendAI signMethod=HMAC-SHA256, credential=AKIANOBODY:00",
      "x-backendai-version": "v9.20250722",
      "x-backendai-date": "2026-01-02T03:04:05.000001",
    };
    assert.throws(
      () => authenticator.authenticate({ headers } as never),
      (error) => error instanceof Refusal && error.kind === "unauthorized",
    );
  });

  it("answers hello to anybody and rate-limit headers to those who signed", async () => {
    const { client, engine } = await start("24.09");
    const hello = await client.send("GET", "/", { unsigned: true });
    assert.deepEqual(hello.at(""), { version: "v8.20240915", manager: "24.09.6", defects: [] });
    assert.equal(hello.headers["server"], "BackendAI");
    const signed = await client.send("GET", "/auth/role");
    assert.equal(signed.headers["x-ratelimit-limit"], "30000");
    assert.equal(signed.headers["x-ratelimit-remaining"], "29999");
    assert.equal(signed.headers["x-ratelimit-window"], "900");
    assert.equal((await client.send("GET", "/auth/ssh-keypair")).at("ssh_public_key"), null);
    const keys = await client.send("PATCH", "/auth/ssh-keypair");
    assert.match(String(keys.at("ssh_public_key")), /^ssh-rsa AAAAB3NzaC1yc2E/);
    assert.match(String(keys.at("ssh_private_key")), /BEGIN RSA PRIVATE KEY/);
    const given = { pubkey: "ssh-ed25519 AAAA", privkey: "secret" };
    assert.equal((await client.send("POST", "/auth/ssh-keypair", { body: given })).status, 200);
    assert.equal((await client.send("GET", "/auth/ssh-keypair")).at("ssh_public_key"), given.pubkey);
    const login = { type: "keypair", domain: "default", username: engine.email, password: engine.password };
    const authorized = await client.send("POST", "/auth/authorize", { body: login, unsigned: true });
    assert.equal(authorized.at("data.secret_key"), engine.secretKey);
    const wrong = await client.send("POST", "/auth/authorize", { body: { ...login, password: "no" } });
    assert.deepEqual([wrong.status, wrong.at("msg")], [401, "User credential mismatch."]);
    const jwt = await client.send("POST", "/auth/authorize", { body: { ...login, type: "jwt" } });
    assert.equal(jwt.status, 400);
  });

  it("refuses to act for others only where the era looks at it", async () => {
    for (const [release, info] of [
      ["21.03", 403],
      ["24.09", 200],
    ] as const) {
      const { client } = await start(release);
      const id = await client.create("owned");
      const query = "owner_access_key=AKIASOMEBODY";
      assert.equal((await client.send("GET", `/session/${id}?${query}`)).status, info);
      assert.equal((await client.send("GET", `/session/${id}/logs?${query}`)).status, 403);
      assert.equal((await client.send("DELETE", `/session/${id}?${query}`)).status, 403);
      const own = `owner_access_key=${client.engine.accessKey}`;
      assert.equal((await client.send("DELETE", `/session/${id}?${own}`)).status, 200);
    }
  });

  it("answers 429 when the window is full, without Retry-After", async () => {
    const { client } = await start("26.8", { rateLimit: 2 });
    await client.send("GET", "/auth/role");
    await client.send("GET", "/auth/role");
    const answer = await client.send("GET", "/auth/role");
    assert.equal(answer.status, 429);
    assert.equal(answer.at("type"), "https://api.backend.ai/probs/rate-limit-exceeded");
    assert.equal(answer.headers["retry-after"], undefined);
  });
});

describe("engine limits over time", () => {
  it("lets the window of the rate limit roll", () => {
    let now = 0;
    const limit = new RateLimit(5000, () => now);
    for (let count = 0; count < 5000; count += 1) {
      limit.take();
    }
    assert.throws(() => limit.take(), Refusal);
    now = 15 * 60 * 1000;
    assert.equal(limit.take()["X-RateLimit-Remaining"], "4999");
    assert.equal(limit.take()["X-RateLimit-Remaining"], "4998");
  });

  it("forgets logins that are over, and the oldest beyond its bound", () => {
    let now = 0;
    const sessions = new WebSessions(2, () => now);
    const cookie = (id: string) => ({ cookie: `a=b; AIOHTTP_SESSION=${id}` });
    const [first, second, third] = [sessions.create(true), sessions.create(true), sessions.create(true)];
    assert.equal(sessions.isLoggedIn(cookie(first)), false);
    assert.equal(sessions.isLoggedIn(cookie(second)), true);
    assert.equal(sessions.isLoggedIn({ "x-backendai-sessionid": third }), true);
    assert.equal(sessions.isLoggedIn(cookie(sessions.create(false))), false);
    now = 604_800_000;
    assert.equal(sessions.isLoggedIn(cookie(third)), false);
  });

  it("blocks logins after ten failures for twenty minutes", () => {
    let now = 0;
    const guard = new LoginGuard(10, 1_200_000, () => now);
    for (let count = 0; count < 9; count += 1) {
      guard.failed();
    }
    guard.succeeded();
    guard.failed();
    assert.equal(guard.isBlocked, false);
    for (let count = 0; count < 9; count += 1) {
      guard.failed();
    }
    assert.equal(guard.isBlocked, true);
    now = 1_200_000;
    assert.equal(guard.isBlocked, false);
  });

  it("accepts the versions that each server lists", () => {
    assert.equal(acceptsVersion("v8.20240915", "25.11.0", "v6.20210815"), true);
    assert.equal(acceptsVersion("v9.20250722", "26.8.1", "v6.20210815"), false);
    assert.equal(acceptsVersion("v9.20250722", "26.8.1", "v6.20221201"), true);
    assert.equal(acceptsVersion("v8.20240915", "24.09.6", "v6.20221201"), false);
    assert.equal(acceptsVersion("v5.20191215", "20.03.19", "v6.20200815"), false);
    assert.equal(acceptsVersion("v5.20191215", "20.03.19", "nonsense"), false);
  });
});
