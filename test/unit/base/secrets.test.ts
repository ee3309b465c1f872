import assert from "node:assert/strict";
import fc from "fast-check";
import { CookieAuthentication, KeypairAuthentication } from "../../../src/api/transport/authentication.js";
import { rememberSecret } from "../../../src/base/secrets/knownSecrets.js";
import { masked } from "../../../src/base/secrets/masked.js";
import { maskText } from "../../../src/base/secrets/maskText.js";
import { type Form, forms } from "../../support/leaks/secretForms.js";

/** What people and servers make secrets of. */
const secrets = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcXYZ019+/=_-".split("")), minLength: 12, maxLength: 60 }),
  fc.string({ unit: "grapheme", minLength: 12, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..."pQ7 \"'\\<>&%$#@!:/?\t".split("")), minLength: 12, maxLength: 40 }),
);
/** Not a space at the ends: what is typed is trimmed. A terminal's own characters can't be typed. */
const usable = secrets.filter(
  (text) =>
    text === text.trim() &&
    text.length >= 12 &&
    !/[\x00-\x1f\x7f-\x9f\u200b-\u200d\u2060\ufeff]/.test(text.replaceAll("\t", "")),
);

describe("secrets that were remembered", () => {
  for (const [name, form] of Object.entries(forms) as [string, Form][]) {
    it(`are masked ${name}`, () => {
      fc.assert(
        fc.property(usable, fc.string({ maxLength: 20 }), fc.nat(), (secret, around, seed) => {
          rememberSecret(secret);
          const planted = form(secret, seed);
          const text = maskText(`${around} ${planted} ${around}`);
          assert.ok(!text.includes(planted), `${JSON.stringify(planted)} in ${JSON.stringify(text)}`);
          assert.ok(text.includes(masked), JSON.stringify(text));
        }),
        { numRuns: 150 },
      );
    });
  }

  it("are masked in the base64 of what they are a part of, wherever they begin in it", () => {
    const secret = "correct horse battery";
    rememberSecret(secret);
    for (const before of ["", "a", "ab", "abc", "user:"]) {
      for (const after of ["", "x", "xy", "xyz"]) {
        const encoded = Buffer.from(before + secret + after).toString("base64");
        const kept = maskText(`Proxy says ${encoded}.`);
        const left = kept.replace(/^Proxy says /, "").split(masked);
        assert.ok(left.length > 1, encoded);
        for (const piece of left.filter((part) => part.length > 7)) {
          assert.ok(!Buffer.from(piece, "base64").toString("latin1").includes("horse"), piece);
        }
      }
    }
  });

  it("stay masked while they are in use, however many others are remembered meanwhile", () => {
    const keypair = new KeypairAuthentication("AKIAINUSE", "Zq9key-that-is-in-use");
    const cookie = new CookieAuthentication({ cookie: "sid=Zq9cookie-that-is-in-use", accessKey: undefined });
    const request = { method: "GET", path: "/", host: "x.example", date: new Date(), version: "v9.20250722" };
    for (let count = 0; count < 100; count += 1) {
      rememberSecret(`Zq9token-of-an-app-${String(count)}`);
      keypair.headers(request);
      cookie.headers(request);
    }
    const text = "Zq9key-that-is-in-use, Zq9cookie-that-is-in-use, Zq9token-of-an-app-99";
    assert.equal(maskText(text), `${masked}, ${masked}, ${masked}`);
  });

  it("leave words alone that a short one is a part of", () => {
    rememberSecret("abcd");
    rememberSecret("no"); // of no use: it would be found in everything
    assert.equal(maskText("abcd abcde no"), `${masked} abcde no`);
  });
});

describe("maskText", () => {
  const planted = "hunter2-Zq9";
  const rows: readonly [what: string, text: string][] = [
    ["a header", `Authorization: BackendAI signMethod=HMAC-SHA256, credential=AKIAX:${planted}`],
    ["a header in JSON", `{"headers":{"Authorization":"Bearer ${planted}","a":1}}`],
    ["a cookie", `cookie: AIOHTTP_SESSION=${planted}; other=${planted}`],
    ["a cookie that is set", `Set-Cookie: sid="${planted}"; Path=/; HttpOnly`],
    ["a header of a storage proxy", `X-BackendAI-Storage-Auth-Token: ${planted}`],
    ["JSON", `{"secret_key": "${planted}", "n": 1}`],
    ["JSON in JSON", JSON.stringify({ body: JSON.stringify({ password: planted }) })],
    ["Python's mapping", `{'password': '${planted}'}`],
    ["an address", `GET https://x.example/upload?token=${planted}&a=1`],
    ["an address with a name", `proxy http://me:${planted}@proxy.example:3128`],
    ["a variable", `BACKEND_SECRET_KEY=${planted} python x.py`],
    ["a variable that is exported", `export API_TOKEN="${planted}"`],
    ["an option", `tool --password ${planted} --x`],
    ["an option with =", `tool --api-key='${planted}'`],
    ["colours within", `API_TOKEN=${planted.slice(0, 4)}\x1b[31m${planted.slice(4)}\x1b[0m`],
    ["colours before", `\x1b[1mpassword\x1b[0m: \x1b[32m${planted}\x1b[0m`],
  ];
  for (const [what, text] of rows) {
    it(`masks in ${what}`, () => {
      const rest = maskText(text);
      assert.ok(!rest.includes(planted) && !rest.includes(planted.slice(4)), rest);
      assert.ok(rest.includes(masked), rest);
    });
  }

  it("masks private keys in lines, in JSON, in an address and in base64", () => {
    const body = Array.from({ length: 12 }, () => "MIIEpAIBAAKCAQEA75Zq9markerX".repeat(2));
    const key = ["-----BEGIN OPENSSH PRIVATE KEY-----", ...body, "-----END OPENSSH PRIVATE KEY-----"].join(
      "\n",
    );
    for (const text of [
      key,
      JSON.stringify({ a: key }),
      encodeURIComponent(key),
      Buffer.from(key).toString("base64"),
    ]) {
      assert.ok(!/marker|bWFya2Vy/.test(maskText(`before ${text} after`)), text.slice(0, 60));
    }
    assert.match(maskText(`before ${key} after`), /^before •+ after$/);
    const broken = `${key.slice(0, 400)}\n[info] 2026-11-28 the next line\n-----BEGIN CERTIFICATE-----`;
    assert.match(maskText(broken), /-----BEGIN CERTIFICATE-----$/, "the rest of a log stays");
  });

  it("leaves what is no secret", () => {
    for (const text of [
      "→ 3f2a POST /session/x/upload 12.3 kB",
      "backendai.account.signIn: The server refused the keys: Access key not found.",
      "session author-1 (0f8fad5b-d9cb-469f-a165-70867728950e) runs",
      'engine: {"level":"info","keys":3,"monkey":"banana"}',
      "http://127.0.0.1:8081 is manager 26.8.1, API v9.20250722",
      "The password is wrong. Try again, or ask an administrator.",
    ]) {
      assert.equal(maskText(text), text);
    }
  });

  it("takes time in proportion to what it reads, whatever that is", () => {
    for (const unit of [
      "a.",
      "a://",
      "eyJ-",
      "-----BEGIN PRIVATE KEY-----",
      '"a":"',
      "x=",
      "\x1b]",
      "key: ",
      "cookie",
      "LS0tLS1CRUdJTi",
    ]) {
      const text = unit.repeat(Math.ceil(200_000 / unit.length));
      const startedAt = performance.now();
      maskText(text);
      const ms = performance.now() - startedAt;
      assert.ok(ms < 4000, `${JSON.stringify(unit)}: ${ms} ms`);
    }
  });
});
