import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import { engines } from "./support/engines.js";

describe("engine web server", () => {
  const start = engines();

  it("logs in by cookie and passes requests on", async () => {
    const { client, engine } = await start("24.09");
    const send = (method: string, path: string, body?: unknown, cookie = "") =>
      client.send(method, path, {
        unsigned: true,
        ...(body === undefined ? {} : { body }),
        headers: { Cookie: cookie, "X-BackendAI-Version": "v8.20240915" },
      });
    assert.equal((await send("GET", "/func/")).at("manager"), "24.09.6");
    assert.deepEqual((await send("POST", "/server/login-check", {})).at(""), {
      authenticated: false,
      data: null,
      session_id: null,
    });
    const outside = await send("GET", "/func/session/none");
    assert.deepEqual([outside.status, outside.at("title")], [401, "Unauthorized access"]);
    const login = { username: engine.email, password: engine.password };
    const wrong = await send("POST", "/server/login", { ...login, password: "wrong" });
    assert.deepEqual(
      [wrong.status, wrong.at("authenticated"), wrong.at("data.details")],
      [200, false, "User credential mismatch."],
    );
    const incomplete = await send("POST", "/server/login", { username: engine.email });
    assert.deepEqual(
      [incomplete.status, incomplete.at("title")],
      [400, "You must provide the password field."],
    );
    const right = await send("POST", "/server/login", login);
    assert.deepEqual(right.at("data"), { access_key: engine.accessKey, role: "user", status: "active" });
    const [cookie = ""] = String(right.headers["set-cookie"]).split(";");
    assert.equal(cookie, `AIOHTTP_SESSION=${String(right.headers["x-backendai-sessionid"])}`);
    assert.equal((await send("POST", "/server/login", login, cookie)).status, 400);
    assert.equal((await send("POST", "/server/login-check", {}, cookie)).at("authenticated"), true);
    assert.equal((await send("POST", "/func/auth", { echo: "hi" }, cookie)).at("echo"), "hi");
    const created = await send(
      "POST",
      "/func/session",
      { name: "by-web", image: "python", config: {} },
      cookie,
    );
    const id = String(created.at("sessionId"));
    assert.equal((await send("GET", `/func/session/${id}`, undefined, cookie)).at("status"), "RUNNING");
    assert.equal((await send("GET", `/func/stream/session/${id}/apps`, undefined, cookie)).status, 200);

    const socket = new WebSocket(
      `${engine.endpoint.replace("http", "ws")}/func/stream/session/${id}/execute`,
      {
        headers: { Cookie: cookie },
      },
    );
    await once(socket, "open");
    socket.send(JSON.stringify({ mode: "query", code: "print('via web')" }));
    let frames = "";
    socket.on("message", (data: Buffer) => (frames += data.toString("utf8")));
    await once(socket, "close");
    assert.match(frames, /via web/);

    const extended = await send("POST", "/server/extend-login-session", {}, cookie);
    assert.equal(extended.at("status"), 201);
    assert.equal((await send("POST", "/server/extend-login-session", {})).status, 401);
    const out = await send("POST", "/server/logout", {}, cookie);
    assert.deepEqual([out.status, out.text], [200, "200: OK"]);
    assert.equal((await send("GET", "/func/auth", undefined, cookie)).status, 401);
  });

  it("reads logins that are encoded as the reference client does", async () => {
    const { client, engine } = await start("24.09");
    const iv = "0123456789abcdef";
    const key = `${Buffer.from(engine.endpoint).toString("base64")}${iv}${iv}`.slice(0, 32);
    const cipher = createCipheriv("aes-256-cbc", key, iv);
    const text = JSON.stringify({ username: engine.email, password: engine.password });
    const body = `${iv}:${cipher.update(text, "utf8", "base64")}${cipher.final("base64")}`;
    const send = (content: string) =>
      client.send("POST", "/server/login", {
        unsigned: true,
        raw: { type: "application/octet-stream", body: content },
        headers: { "X-BackendAI-Encoded": "true" },
      });
    assert.equal((await send(body)).at("authenticated"), true);
    assert.equal((await send(`${iv}:AAAA`)).status, 400);
  });

  it("blocks whoever guesses passwords", async () => {
    const { client, engine } = await start();
    const attempt = (password: string) =>
      client.send("POST", "/server/login", { unsigned: true, body: { username: engine.email, password } });
    for (let count = 0; count < 10; count += 1) {
      assert.equal((await attempt("guess")).status, 200);
    }
    const blocked = await attempt(engine.password);
    assert.equal(blocked.status, 429);
    assert.equal(blocked.at("type"), "https://api.backend.ai/probs/too-many-requests");
  });

  it("counts guesses at both logins together", async () => {
    const { client, engine } = await start("24.09");
    const { email: username } = engine;
    const authorize = (password: string) =>
      client.send("POST", "/auth/authorize", {
        unsigned: true,
        body: { type: "keypair", domain: "default", username, password },
      });
    const login = (password: string) =>
      client.send("POST", "/server/login", { unsigned: true, body: { username, password } });
    for (let count = 0; count < 5; count += 1) {
      assert.equal((await authorize("guess")).status, 401);
      assert.equal((await login("guess")).at("authenticated"), false);
    }
    assert.equal((await authorize(engine.password)).status, 429);
    assert.equal((await login(engine.password)).status, 429);
  });

  it("answers 201 to a logout on 20.03 and knows no extension on 23.09", async () => {
    const old = await start("20.03");
    assert.equal((await old.client.send("POST", "/server/logout", { unsigned: true, body: {} })).status, 201);
    const later = await start("23.09");
    const extended = await later.client.send("POST", "/server/extend-login-session", {
      unsigned: true,
      body: {},
    });
    assert.equal(extended.status, 405);
  });
});
