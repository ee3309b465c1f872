import assert from "node:assert/strict";
import { ApiError, ClockSkewError, NotFoundError, UnauthorizedError } from "../../../src/api/index.js";
import { rejection } from "../assertions.js";
import { caseGroup, NotApplicable } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import type { Login } from "../targets.js";

const minuteMs = 60_000;

/** A client whose clock is off. */
function shifted(byMs: number): { readonly now: () => Date } {
  return { now: () => new Date(Date.now() + byMs) };
}

/**
 * How to log in with the account's password.
 * @throws {NotApplicable}
 */
export function loginOf({ target }: CaseContext): Login {
  if (target.login === undefined) {
    throw new NotApplicable("no password of the account is known");
  }
  return target.login;
}

export const auth = caseGroup("A", "Signatures and accounts", [
  {
    covers: ["hello"],
    title: "accepts the keypair",
    run: async ({ client }) => client.auth.test(),
  },
  {
    covers: [],
    title: "refuses a wrong secret key",
    run: async ({ connect, target }) => {
      const { accessKey } = target.keypair;
      const wrong = await connect({
        credentials: { type: "keypair", accessKey, secretKey: "x".repeat(40) },
      });
      const error = await rejection(wrong.auth.test(), UnauthorizedError);
      assert.deepEqual([error.status, error.slug], [401, "auth-failed"]);
    },
  },
  {
    covers: [],
    title: "refuses an unknown access key",
    run: async ({ connect, target }) => {
      const { secretKey } = target.keypair;
      const accessKey = "AKIANOBODYNOBODYNOBO";
      const wrong = await connect({ credentials: { type: "keypair", accessKey, secretKey } });
      const error = await rejection(wrong.auth.test(), UnauthorizedError);
      assert.deepEqual([error.status, error.slug], [401, "auth-failed"]);
    },
  },
  {
    covers: [],
    title: "refuses a clock that is 20 minutes off, either way, and tells its own time",
    run: async ({ connect }) => {
      for (const byMs of [20 * minuteMs, -20 * minuteMs]) {
        const client = await connect(shifted(byMs));
        const error = await rejection(client.auth.test(), ClockSkewError);
        const offMs = error.clientTime.getTime() - (error.serverTime?.getTime() ?? 0);
        assert.ok(Math.abs(offMs - byMs) < 2 * minuteMs, String(offMs));
      }
    },
  },
  {
    covers: [],
    title: "accepts a clock that is 10 minutes off",
    run: async ({ connect }) => {
      for (const byMs of [10 * minuteMs, -10 * minuteMs]) {
        await (await connect(shifted(byMs))).auth.test();
      }
    },
  },
  {
    covers: [],
    title: "refuses a request without a signature, and a malformed one",
    run: async ({ raw }) => {
      const unsigned = await raw({ path: "/auth/test", method: "POST", body: "{}", isUnsigned: true });
      assert.deepEqual([unsigned.status, unsigned.slug], [401, "auth-failed"]);
      const headers = { Authorization: "BackendAI signMethod=HMAC-NOPE, credential=a:b" };
      const odd = await raw({ path: "/auth/test", method: "POST", body: "{}", headers });
      assert.deepEqual([odd.status, odd.slug], [401, "auth-failed"]); // its key is looked for first
      const other = { Authorization: "Bearer a:b" };
      const foreign = await raw({ path: "/auth/test", method: "POST", body: "{}", headers: other });
      assert.deepEqual([foreign.status, foreign.slug], [400, "invalid-auth-params"]);
    },
  },
  {
    covers: ["list_files"],
    title: "verifies signatures over paths and queries with odd characters",
    run: async ({ client, python }) => {
      const id = await python();
      for (const path of ["a b+c%ü&x=1#y?z", "'quotes'\"", "100%25", "한글"]) {
        await rejection(client.files.list(id, path), NotFoundError);
      }
    },
  },
  {
    covers: [],
    title: "tells the limit of requests in its headers",
    run: async ({ raw }) => {
      const first = await raw({ path: "/auth/test", method: "POST", body: '{"echo":"1"}' });
      const second = await raw({ path: "/auth/test", method: "POST", body: '{"echo":"2"}' });
      const [limit, before, after, windowS] = [
        first.header("x-ratelimit-limit"),
        first.header("x-ratelimit-remaining"),
        second.header("x-ratelimit-remaining"),
        first.header("x-ratelimit-window"),
      ].map(Number);
      assert.equal(windowS, 900);
      assert.ok(limit !== undefined && before !== undefined && after !== undefined);
      assert.ok(limit > before && before > after, `${limit} ${before} ${after}`);
    },
  },
  {
    covers: [],
    title: "tells the caller's roles",
    run: async ({ client }) => {
      const { global } = await client.auth.role();
      assert.ok(["user", "admin", "superadmin", "monitor"].includes(global ?? ""), global);
    },
  },
  {
    covers: ["authorize"],
    title: "hands out the keypair for the password, on a connection without one",
    run: async (context) => {
      const { username, password } = loginOf(context);
      const anonymous = await context.connect({ credentials: { type: "anonymous" } });
      const { accessKey, secretKey } = await anonymous.auth.authorize({ username, password });
      const { keypair } = context.target;
      assert.deepEqual([accessKey, secretKey], [keypair.accessKey, keypair.secretKey]);
      const wrong = anonymous.auth.authorize({ username, password: "wrong" });
      assert.equal((await rejection(wrong, UnauthorizedError)).status, 401);
    },
  },
  {
    covers: [],
    title: "shows the key for ssh, if there is one",
    run: async ({ client }) => {
      const key = await client.auth.sshKeypair();
      assert.ok(key === undefined || key.startsWith("ssh-"), key);
    },
  },
  {
    covers: [],
    title: "refuses anonymous callers",
    run: async ({ connect }) => {
      const anonymous = await connect({ credentials: { type: "anonymous" } });
      const error = await rejection(anonymous.sessions.info("nobody"), ApiError);
      assert.equal(error.status, 401);
    },
  },
]);
