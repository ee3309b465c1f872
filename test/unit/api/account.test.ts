import assert from "node:assert/strict";
import {
  BackendAIClient,
  ConfigurationError,
  LoginError,
  RateLimitedError,
  ServerError,
  UnauthorizedError,
} from "../../../src/api/index.js";
import { recordingsOf } from "../golden/recordings.js";
import { problem, ScriptedServer, withServer } from "./support/scriptedServer.js";

const user = { type: "login", username: "user@example.com", password: "secret" } as const;
const prefix = "https://api.backend.ai/probs";

describe("login at a web server", () => {
  let server: ScriptedServer;
  beforeEach(async () => (server = await ScriptedServer.start()));
  afterEach(async () => server.stop());
  const connect = async (): Promise<BackendAIClient> =>
    BackendAIClient.connect({ endpoint: server.url, credentials: user });

  /** As 23.09's web server does it, with the bodies that were recorded. */
  function likeRecorded(): void {
    const recorded = recordingsOf("23.09").filter(({ title }) => title.includes("web-login"));
    const answers = recorded
      .filter(({ path }) => path === "/server/login")
      .map(({ body }) => JSON.parse(String(body)) as object);
    server.answer = ({ url, headers, body }, response) => {
      if (url === "/server/login") {
        const { password } = JSON.parse(body.toString()) as { password: string };
        response.setHeader("Set-Cookie", "AIOHTTP_SESSION=abc; HttpOnly; Max-Age=604800; Path=/; Secure");
        return answers[password === user.password ? 1 : 0];
      }
      if (url === "/server/logout") {
        response.setHeader("Set-Cookie", 'AIOHTTP_SESSION=""; Max-Age=0; Path=/');
        return void response.writeHead(201).end();
      }
      if (headers.cookie !== "AIOHTTP_SESSION=abc") {
        problem(response, 401, "auth-failed");
        return undefined;
      }
      return url === "/server/login-check" ? answers[1] : { authorized: "yes" };
    };
  }

  it("shows the cookie under /func, and forgets it after logout", async () => {
    likeRecorded();
    const client = await connect();
    assert.equal(client.accessKey, "AKIANABBDUSEREXAMPLE");
    await client.auth.test();
    assert.deepEqual(await client.auth.loginCheck(), {
      isAuthenticated: true,
      accessKey: "AKIANABBDUSEREXAMPLE",
      role: "user",
    });
    const { headers, url } = server.received.find(({ url }) => url.startsWith("/func/auth"))!;
    assert.equal(url, "/func/auth/test");
    assert.equal(headers.authorization, undefined);
    assert.equal(headers["x-backendai-version"], "v8.20240915");
    server.socket = (socket) => socket.close(1000);
    await (await client.terminals.open("x")).close();
    assert.equal(server.received.at(-1)?.url, "/func/stream/session/x/pty");
    assert.equal(server.received.at(-1)?.headers.cookie, "AIOHTTP_SESSION=abc");
    await client.auth.logout();
    await assert.rejects(client.auth.test(), UnauthorizedError);
    await client.auth.login(user);
    await client.auth.test();
    await client.close();
  });

  const refusals: readonly (readonly [needs: string, data: object])[] = [
    ["password", { type: `${prefix}/auth-failed`, title: "…", details: "User credential mismatch." }],
    ["otp", { type: `${prefix}/auth-failed`, details: "OTP not provided" }],
    ["otp", { type: `${prefix}/require-totp-authentication` }],
    ["otp-registration", { type: `${prefix}/require-totp-registration` }],
    ["password-change", { type: `${prefix}/password-expired` }],
    [
      "email-verification",
      { type: `${prefix}/auth-failed`, details: "This account needs email verification." },
    ],
  ];
  for (const [needs, data] of refusals) {
    it(`says that ${needs} is needed for ${JSON.stringify(data)}, whatever the status`, async () => {
      for (const status of [200, 401]) {
        server.answer = (_, response) => {
          response.writeHead(status, { "Content-Type": "application/json" });
          response.end(JSON.stringify({ authenticated: false, data }));
        };
        await assert.rejects(connect(), (error) => error instanceof LoginError && error.needs === needs);
      }
    });
  }

  it("passes other refusals on", async () => {
    server.answer = (_, response) => problem(response, 429, "too-many-requests");
    await assert.rejects(connect(), RateLimitedError);
    server.answer = (_, response) => problem(response, 502, "bad-gateway");
    await assert.rejects(connect(), ServerError);
  });
});

describe("accounts and catalogues", () => {
  const at = withServer();

  it("hand out keypairs, roles and ssh keys", async () => {
    at.server.answer = () => ({ data: { access_key: "A", secret_key: "S", role: "user" } });
    const { secretKey } = await at.client.auth.authorize({ username: "u", password: "p" });
    assert.equal(secretKey, "S");
    at.server.answer = () => ({ global_role: "user", domain_role: null });
    assert.deepEqual(await at.client.auth.role("g"), { global: "user", domain: undefined, group: undefined });
    at.server.answer = () => ({ ssh_public_key: "pub", ssh_private_key: "priv" });
    assert.equal(await at.client.auth.sshKeypair(), "pub");
    assert.deepEqual(await at.client.auth.regenerateSshKeypair(), { publicKey: "pub", privateKey: "priv" });
    assert.deepEqual(at.server.lines, [
      "POST /auth/authorize",
      "GET /auth/role?group=g",
      "GET /auth/ssh-keypair",
      "PATCH /auth/ssh-keypair",
    ]);
  });

  it("refuse to log in or out without a web server", async () => {
    await assert.rejects(at.client.auth.login(user), ConfigurationError);
    await assert.rejects(at.client.auth.loginCheck(), ConfigurationError);
    await assert.rejects(at.client.auth.logout(), ConfigurationError);
  });

  it("take presets from the check where the plain call fails", async () => {
    const presets = [{ name: "small", resource_slots: { cpu: "1" } }];
    at.server.answer = ({ method }, response) =>
      method === "GET" ? problem(response, 500, "internal-server-error") : { presets };
    assert.deepEqual(await at.client.resources.presets(), presets);
    at.server.answer = (_, response) => problem(response, 401, "auth-failed");
    await assert.rejects(at.client.resources.presets(), UnauthorizedError);
  });

  it("list images, groups and folders", async () => {
    const image = {
      registry: "r",
      name: "lablup/python",
      tag: "3.11",
      architecture: "x86_64",
      installed: true,
    };
    const labels = [{ key: "ai.backend.runtime-type", value: "python" }];
    const resource_limits = [{ key: "cpu", min: "1", max: null }];
    const images = [
      { ...image, aliases: ["python"], labels, resource_limits },
      { ...image, name: "bare" },
    ];
    at.server.answer = () => ({ data: { images } });
    const [first, second] = await at.client.images.list();
    assert.equal(first?.reference, "r/lablup/python:3.11");
    assert.equal(first?.runtimeType, "python");
    assert.deepEqual(first?.resourceLimits, [{ key: "cpu", min: "1" }]);
    assert.deepEqual([second?.aliases, second?.labels], [[], {}]);
    at.server.answer = () => ({ data: { groups: [{ id: "g", name: "default", domain_name: null }] } });
    assert.deepEqual(await at.client.groups.list(), [{ id: "g", name: "default", domain: undefined }]);
    at.server.answer = () => [{ name: ".logs", id: "f" }];
    assert.equal((await at.client.folders.list())[0]?.name, ".logs");
  });

  it("tell the announcement, or none", async () => {
    at.server.answer = () => ({ enabled: true, message: "Down at noon" });
    assert.equal(await at.client.server.announcement(), "Down at noon");
    at.server.answer = () => ({ enabled: false, message: "" });
    assert.equal(await at.client.server.announcement(), undefined);
  });
});
