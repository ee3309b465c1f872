import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { BackendAIClient, type ConnectOptions } from "../../../src/api/index.js";
import { type Engine, startEngine } from "../../../src/engine/index.js";
import { describeError } from "../../../src/platform/describeError.js";
import type { ErrorAction } from "../../../src/platform/errors/errorRow.js";
import { exampleKey, problem, ScriptedServer } from "../api/support/scriptedServer.js";

/** What a person is told of a failure: the sentences, and the button. */
async function told(
  action: () => Promise<unknown>,
): Promise<{ words: string; button: ErrorAction | undefined }> {
  try {
    await action();
  } catch (error) {
    const { summary, detail, actions } = describeError(error);
    return { words: detail === undefined ? summary : `${summary} ${detail}`, button: actions[0] };
  }
  assert.fail("it did not fail");
}

async function withClient(
  options: ConnectOptions,
  action: (client: BackendAIClient) => Promise<unknown>,
): Promise<void> {
  const client = await BackendAIClient.connect(options);
  try {
    await action(client);
  } finally {
    await client.close();
  }
}

const person = { email: "person@example.com", password: "correct horse" };
const login = { type: "login", username: person.email, password: person.password } as const;

describe("what the local engine refuses, in words", () => {
  let engine: Engine;
  afterEach(async () => engine.close());
  const keys = (): ConnectOptions => {
    const { endpoint, accessKey, secretKey } = engine;
    return { endpoint, credentials: { type: "keypair", accessKey, secretKey }, timeouts: { busyMs: 0 } };
  };

  /** As each era says it. */
  const releases = ["20.03.19", "23.09.10", "24.09.6", "26.8.1"];
  for (const manager of releases) {
    it(`has a sentence and a button for keys and passwords that are wrong on ${manager}`, async () => {
      engine = await startEngine({ ...person, manager });
      const { endpoint, accessKey } = engine;
      const wrong = async (credentials: ConnectOptions["credentials"]): ReturnType<typeof told> =>
        told(async () => withClient({ endpoint, credentials }, (client) => client.auth.test()));
      const secret = await wrong({ type: "keypair", accessKey, secretKey: "wrong" });
      assert.match(secret.words, /^The server refused the keys: .*Check the access key and the secret key/);
      assert.equal(secret.button, "chooseServer");
      const unknown = await wrong({ ...exampleKey });
      assert.match(unknown.words, /^The server refused the keys: Access key not found/);
      const atWeb = await wrong({ ...login, password: "wrong" });
      assert.match(atWeb.words, /^The e-mail address or the password is wrong\. .*not active/);
      assert.equal(atWeb.button, "signIn");
      const atManager = await told(async () =>
        withClient({ endpoint, credentials: { type: "anonymous" } }, (client) =>
          client.auth.authorize({ username: person.email, password: "wrong" }),
        ),
      );
      assert.deepEqual(atManager, atWeb);
    });
  }

  it("has one for too many wrong passwords, at both doors", async () => {
    engine = await startEngine(person);
    const { endpoint } = engine;
    const connect = async (password: string): Promise<void> =>
      withClient({ endpoint, credentials: { ...login, password } }, () => Promise.resolve());
    for (let count = 0; count < 10; count += 1) {
      await assert.rejects(connect("guess"));
    }
    const expected = {
      words:
        "Too many logins failed: the server takes none from you for a while, not even right ones. Wait, 20 minutes as servers are set up, then sign in again.",
      button: "signIn",
    };
    assert.deepEqual(await told(async () => connect(person.password)), expected);
    const atManager = async (): Promise<void> =>
      withClient({ endpoint, credentials: { type: "anonymous" } }, (client) =>
        client.auth.authorize({ username: person.email, password: person.password }),
      );
    assert.deepEqual(await told(atManager), expected);
  });

  it("has one for a clock that is off, with both times and the limit", async () => {
    engine = await startEngine();
    const off = new Date(Date.now() + 16 * 60_000);
    const { words, button } = await told(async () =>
      withClient({ ...keys(), now: () => off }, (client) => client.auth.test()),
    );
    assert.ok(words.includes("by more than the 15 minutes"), words);
    assert.ok(words.includes(`here it is ${off.toLocaleString()}`), words);
    const [, there = ""] = /on the server (.*)\. Set this computer's clock/.exec(words) ?? [];
    assert.ok(Math.abs(Date.parse(there) - Date.now()) < 60_000, words);
    assert.equal(button, "reconnect");
  });

  it("has one for a quota, a group and a rate limit", async () => {
    engine = await startEngine({ limits: { maxSessions: 1 }, stepMs: 0, rateLimit: 12 });
    await withClient(keys(), async (client) => {
      const create = async (group?: string): Promise<unknown> =>
        client.sessions.create({ image: "python", enqueueOnly: true, group });
      const group = await told(async () => create("nobodys"));
      assert.match(
        group.words,
        /^The group \(project\) .* not yours here: Invalid group.*Choose one of your groups/,
      );
      assert.equal(group.button, "chooseGroup");
      await create();
      const quota = await told(async () => create());
      assert.match(quota.words, /^A limit of your account is reached: .*Destroy a session/);
      assert.equal(quota.button, "showSessions");
      const limit = await told(async () => {
        for (;;) {
          await client.auth.test();
        }
      });
      assert.match(
        limit.words,
        /takes no more requests from this key for a while: it allows 12 in 15 minutes\./,
      );
    });
  });
});

describe("what real servers refuse, in words", () => {
  let server: ScriptedServer;
  beforeEach(async () => (server = await ScriptedServer.start()));
  afterEach(async () => server.stop());

  const probs = "https://api.backend.ai/probs";
  /** A web server's refusal of a login: the manager's problem, wrapped; its status since 26.8, 200 before. */
  const wrapped =
    (status: number, slug: string, title: string, msg: string | null) =>
    (response: ServerResponse): void => {
      response.writeHead(status, { "Content-Type": "application/json" });
      const data = { type: `${probs}/${slug}`, title, details: msg };
      response.end(JSON.stringify({ authenticated: false, data }));
    };
  const bare =
    (status: number, slug: string, more: object) =>
    (response: ServerResponse): void =>
      problem(response, status, slug, more);

  const logins: readonly (readonly [
    what: string,
    atWeb: (response: ServerResponse) => void,
    atManager: (response: ServerResponse) => void,
    words: RegExp,
  ])[] = [
    [
      "a one-time code that is missing (26.8)",
      wrapped(
        200,
        "require-totp-authentication",
        "Two-Factor Authentication needed.",
        "You must authenticate using Two-Factor Authentication.",
      ),
      (response) =>
        void response
          .setHeader("Content-Type", "application/json")
          .end('{"data":{"response_type":"REQUIRE_TWO_FACTOR_AUTH","type":"TOTP"}}'),
      /wants a one-time code beside the password/,
    ],
    [
      "a one-time code that is missing (older plugins)",
      wrapped(400, "rejected-by-hook", "Operation rejected by a hook plugin.", "OTP not provided"),
      bare(400, "rejected-by-hook", { msg: "OTP not provided" }),
      /wants a one-time code beside the password/,
    ],
    [
      "a one-time code that is wrong",
      wrapped(400, "rejected-by-hook", "Operation rejected by a hook plugin.", "Invalid TOTP code provided"),
      bare(400, "rejected-by-hook", { msg: "Invalid TOTP code provided" }),
      /^The one-time code is wrong, or too old\..*authenticator/,
    ],
    [
      "one-time codes that have to be set up",
      wrapped(
        200,
        "require-totp-registration",
        "Two-Factor Authentication registration required.",
        "You must register Two-Factor Authentication.",
      ),
      (response) =>
        void response
          .setHeader("Content-Type", "application/json")
          .end('{"data":{"response_type":"REQUIRE_TWO_FACTOR_REGISTRATION","token":"t","type":"TOTP"}}'),
      /none are set up for you\. Set them up in the server's web interface/,
    ],
    [
      "a password that has expired",
      wrapped(401, "password-expired", "Password has expired.", "Password expired on 2026-11-01 00:00:00."),
      bare(401, "password-expired", { msg: "Password expired on 2026-11-01 00:00:00." }),
      /^Your password has expired\. Change it in the server's web interface/,
    ],
    [
      "an account that is not verified",
      wrapped(401, "auth-failed", "Credential/signature mismatch.", "This account needs email verification."),
      bare(401, "auth-failed", { msg: "This account needs email verification." }),
      /not verified yet\. Follow the link/,
    ],
    [
      "an account that is not active",
      wrapped(401, "auth-failed", "Credential/signature mismatch.", "User credential mismatch."),
      bare(401, "auth-failed", { msg: "User credential mismatch." }),
      /password is wrong\. Servers say the same of accounts that are not active/,
    ],
    [
      "an account without keys",
      wrapped(401, "auth-failed", "Credential/signature mismatch.", "No API keypairs found."),
      bare(401, "auth-failed", { msg: "No API keypairs found." }),
      /^Your account has no active keypair/,
    ],
    [
      "too many logins at a time, whose details are null",
      wrapped(409, "active-login-session-exists", "Too many concurrent login sessions for this user.", null),
      bare(409, "active-login-session-exists", {}),
      /^You are logged in elsewhere as often as this server allows\./,
    ],
    [
      "a plugin that says why",
      wrapped(
        400,
        "rejected-by-hook",
        "Operation rejected by a hook plugin.",
        "Only from the campus network.",
      ),
      bare(400, "rejected-by-hook", { msg: "Only from the campus network." }),
      /^The server refused the login: Only from the campus network\./,
    ],
  ];
  for (const [what, atWeb, atManager, words] of logins) {
    it(`has one sentence for ${what}, by either door`, async () => {
      server.answer = (_, response) => atWeb(response);
      const { url: endpoint } = server;
      const web = await told(async () =>
        withClient({ endpoint, credentials: login }, () => Promise.resolve()),
      );
      server.answer = (_, response) => atManager(response);
      const manager = await told(async () =>
        withClient({ endpoint, credentials: { type: "anonymous" } }, (client) =>
          client.auth.authorize({ username: person.email, password: person.password }),
        ),
      );
      assert.match(web.words, words);
      assert.deepEqual(manager, web);
      assert.equal(web.button, "signIn");
    });
  }

  const refusals: readonly (readonly [
    what: string,
    answer: (response: ServerResponse) => void,
    words: RegExp,
    button: ErrorAction,
  ])[] = [
    [
      "maintenance",
      bare(503, "server-frozen", {
        title: "The server is frozen due to maintenance. Please try again later.",
      }),
      /^The server is in maintenance: .*Sessions that run go on/,
      "chooseServer",
    ],
    [
      "a manager that is down behind its web server",
      bare(502, "bad-gateway", { title: "The proxy target server is inaccessible." }),
      /^The server is not ready/,
      "reconnect",
    ],
    [
      "an unknown group, as 24.09 says it",
      bare(400, "invalid-api-params", { title: "Missing or invalid API parameters.", msg: "Invalid group" }),
      /group \(project\).*not yours here: Invalid group\./,
      "chooseGroup",
    ],
    [
      "an unknown group, as 26.8 says it",
      bare(400, "invalid-api-params", {
        title: "Missing or invalid API parameters.",
        msg: "Invalid group (x): the group does not exist, is inactive, or the user is not a member.",
      }),
      /not yours here: Invalid group \(x\): the group does not exist/,
      "chooseGroup",
    ],
    [
      "an unknown group, as 24.09 says it of resources",
      bare(400, "invalid-api-params", {
        title: "Missing or invalid API parameters.",
        msg: "Unknown project (name: x)",
      }),
      /not yours here: Unknown project \(name: x\)/,
      "chooseGroup",
    ],
    [
      "an unknown group, as 26.8 says it of resources",
      bare(404, "project-not-found", { title: "Project not found.", msg: "Project not found (name: x)" }),
      /not yours here: Project not found \(name: x\)/,
      "chooseGroup",
    ],
    [
      "a quota, as 20.03 says it",
      bare(412, "quota-exceeded", {
        title: "You have reached your resource limit.",
        msg: "You cannot run more than 3 concurrent sessions",
      }),
      /^A limit of your account is reached: You cannot run more than 3 concurrent sessions\./,
      "showSessions",
    ],
  ];
  for (const [what, answer, words, button] of refusals) {
    it(`has a sentence and a button for ${what}`, async () => {
      server.answer = (_, response) => answer(response);
      const { url: endpoint } = server;
      const result = await told(async () =>
        withClient({ endpoint, credentials: exampleKey }, (client) =>
          client.sessions.create({ image: "python", enqueueOnly: true }),
        ),
      );
      assert.match(result.words, words);
      assert.equal(result.button, button);
    });
  }
});
