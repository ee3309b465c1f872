import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { engines } from "./support/engines.js";

/** Sends a raw request head and answers the status line and the headers. */
async function raw(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString("utf8");
}

describe("engine guard", () => {
  const start = engines();

  it("serves only its own names", async () => {
    const { engine } = await start();
    const port = Number(new URL(engine.endpoint).port);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`]) {
      assert.match(await raw(port, ["GET / HTTP/1.1", `Host: ${host}`]), /^HTTP\/1.1 200/, host);
    }
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`]) {
      const answer = await raw(port, ["GET / HTTP/1.1", `Host: ${host}`]);
      assert.match(answer, /^HTTP\/1.1 403/, host);
      assert.match(answer, /generic-forbidden/);
    }
  });

  it("refuses pages of other origins, also their preflights and websockets", async () => {
    const { client, engine } = await start();
    const port = Number(new URL(engine.endpoint).port);
    for (const origin of ["http://evil.example", "null", `https://127.0.0.1:${port}`, "vscode-webview://x"]) {
      const answer = await client.send("GET", "/", { unsigned: true, headers: { Origin: origin } });
      assert.equal(answer.status, 403, origin);
      const preflight = await client.send("OPTIONS", "/session", {
        unsigned: true,
        headers: { Origin: origin },
      });
      assert.equal(preflight.status, 403, origin);
    }
    const upgrade = await raw(port, [
      "GET /stream/session/x/pty HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      "Origin: http://evil.example",
      "Upgrade: websocket",
      "Connection: Upgrade",
    ]);
    assert.match(upgrade, /^HTTP\/1.1 403/);
  });

  it("answers its own origin with the headers that a page needs", async () => {
    const { client, engine } = await start();
    const headers = { Origin: engine.endpoint };
    const answer = await client.send("GET", "/", { unsigned: true, headers });
    assert.equal(answer.headers["access-control-allow-origin"], engine.endpoint);
    const preflight = await client.send("OPTIONS", "/session", { unsigned: true, headers });
    assert.equal(preflight.status, 200);
    assert.equal(preflight.headers["access-control-allow-methods"], "POST");
  });

  it("answers unknown URLs and methods as servers do", async () => {
    const { client } = await start();
    const unknown = await client.send("GET", "/nosuch");
    assert.deepEqual([unknown.status, unknown.at("data")], [404, "/nosuch"]);
    assert.equal(unknown.at("type"), "https://api.backend.ai/probs/url-not-found");
    const method = await client.send("PUT", "/session");
    assert.deepEqual([method.status, method.headers["allow"]], [405, "OPTIONS,POST"]);
    const override = await client.send("POST", "/auth/role", { headers: { "X-Method-Override": "GET" } });
    assert.equal(override.status, 200);
    const legacy = await client.send("GET", "/kernel/x");
    assert.equal(legacy.status, 404);
  });

  it("keeps inner errors to itself and bodies within their bound", async () => {
    const { client } = await start();
    const large = await client.send("POST", "/session", { body: { name: "x".repeat(1024 * 1024) } });
    assert.deepEqual(
      [large.status, large.at("type")],
      [400, "https://api.backend.ai/probs/generic-bad-request"],
    );
    const broken = await client.send("POST", "/session", { raw: { type: "application/json", body: "{" } });
    assert.equal(broken.status, 400);
  });
});
