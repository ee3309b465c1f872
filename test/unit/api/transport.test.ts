import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { Agent } from "undici";
import {
  type ApiError,
  BackendAIClient,
  ClockSkewError,
  ConfigurationError,
  NetworkError,
  ServerError,
  ProtocolError,
  TimeoutError,
} from "../../../src/api/index.js";
import { askForAll } from "../../../src/api/transport/wholeAnswer.js";
import { type Logger, silentLogger } from "../../../src/base/logger.js";
import { until } from "../../support/until.js";
import { canonicalString, parseAuthorization, signature } from "../../../src/wire/signing.js";
import { ConnectProxy } from "./support/connectProxy.js";
import { drain, exampleKey, problem, ScriptedServer, withServer } from "./support/scriptedServer.js";

const errors: readonly (readonly [status: number, slug: string, code: string])[] = [
  [400, "invalid-api-params", "API"],
  [400, "session-already-exists", "CONFLICT"],
  [400, "quota-exceeded", "QUOTA_EXCEEDED"],
  [412, "quota-exceeded", "QUOTA_EXCEEDED"],
  [400, "graphql-error", "GRAPHQL"],
  [401, "auth-failed", "UNAUTHORIZED"],
  [403, "generic-forbidden", "FORBIDDEN"],
  [404, "session-not-found", "NOT_FOUND"],
  [404, "too-many-sessions-matched", "NOT_FOUND"],
  [405, "method-not-allowed", "API"],
  [409, "active-login-session-exists", "CONFLICT"],
  [429, "rate-limit-exceeded", "RATE_LIMITED"],
  [500, "internal-server-error", "SERVER"],
  [501, "not-implemented", "SERVER"],
  [502, "bad-gateway", "SERVER"],
  [503, "server-frozen", "SERVER"],
];

describe("transport", () => {
  const at = withServer({
    timeouts: { headersMs: 150, bodyMs: 150, connectMs: 1000, busyMs: 0 },
    now: () => new Date("2026-11-23T18:00:00.000Z"),
  });

  for (const [status, slug, code] of errors) {
    it(`makes ${code} of ${status} ${slug}`, async () => {
      at.server.answer = (_, response) => problem(response, status, slug, { msg: "the words" });
      await assert.rejects(at.client.sessions.info("x"), (error: ApiError) => {
        assert.deepEqual([error.code, error.status, error.slug], [code, status, slug]);
        assert.deepEqual([error.method, error.path], ["GET", "/session/x"]);
        return error.serverMessage === "the words" && error.message.includes("the words");
      });
    });
  }

  it("tells both clocks when the server's differs", async () => {
    at.server.answer = (_, response) => {
      response.setHeader("Date", "Mon, 23 Nov 2026 19:00:00 GMT");
      problem(response, 400, "invalid-auth-params", { msg: "Date/time sync error" });
    };
    await assert.rejects(at.client.auth.test(), (error) => {
      assert.ok(error instanceof ClockSkewError);
      assert.equal(error.clientTime.toISOString(), "2026-11-23T18:00:00.000Z");
      return error.serverTime?.toISOString() === "2026-11-23T19:00:00.000Z";
    });
  });

  it("signs what it sends, query included, with the server's version", async () => {
    await at.client.sessions.destroy("a b", { forced: true }, { ownerAccessKey: "KEY" });
    const { method, url, headers } = at.server.received.at(-1)!;
    assert.equal(url, "/session/a%20b?forced=true&owner_access_key=KEY");
    const credential = parseAuthorization(headers.authorization ?? "")!;
    const parts = {
      method,
      path: url,
      date: headers["x-backendai-date"] as string,
      host: headers.host!,
      contentType: headers["content-type"],
      version: "v8.20240915",
    };
    assert.equal(headers["x-backendai-version"], "v8.20240915");
    assert.equal(
      credential.signature,
      signature(exampleKey.secretKey, "20261123", parts),
      canonicalString(parts),
    );
  });

  it("does not follow a redirect", async () => {
    at.server.answer = (_, response) => void response.writeHead(302, { Location: at.server.url }).end();
    await assert.rejects(at.client.server.managerStatus(), (error: ApiError) => {
      return error.status === 302 && /redirect/.test(error.message);
    });
    assert.equal(at.server.lines.length, 1);
  });

  it("reports a body that is a web page, no JSON, or another record", async () => {
    const bodies = ["<html>proxy</html>", "not json", '{"matches": 1}', ""];
    for (const body of bodies) {
      at.server.answer = (_, response) => {
        const type = body.startsWith("<") ? "text/html" : "application/json";
        response.writeHead(200, { "Content-Type": type }).end(body);
      };
      await assert.rejects(at.client.sessions.match("a"), (error) => {
        return (
          error instanceof ProtocolError && error.where === "GET /session/_/match" && error.excerpt === body
        );
      });
    }
  });

  it("times out on a head that does not come, and on a body that stops", async () => {
    at.server.answer = () => undefined;
    await assert.rejects(at.client.sessions.interrupt("x"), isTimeout("headers"));
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" }).write('{"a":');
    };
    await assert.rejects(at.client.sessions.info("x"), isTimeout("body"));
  });

  it("waits for a body for as long as it goes on", async () => {
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      const pieces = ['{"s', "ta", 'tus"', ":", '"RU', "NNI", 'NG"', "}"];
      const timer = setInterval(() => {
        response.write(pieces.shift() ?? "");
        if (pieces.length === 0) {
          clearInterval(timer);
          response.end();
        }
      }, 30); // 240 ms, with a silence of 150 ms allowed
    };
    assert.equal((await at.client.sessions.info("x")).status, "RUNNING");
  });

  it("rejects at once when the signal aborts while it still connects", async () => {
    let sockets = 0;
    const silent = createServer((socket) => {
      sockets += 1;
      socket.on("error", () => undefined); // a proxy that takes the connection and says nothing
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const server = new Agent({
      connect: (_, callback) => {
        const socket = connect(port, "127.0.0.1");
        setTimeout(() => socket.destroy(), 1000).unref();
        socket.once("close", () => callback(new Error("late"), null));
      },
    });
    const abort = new AbortController();
    const limits = { where: "GET /", headersMs: 5000, silence: { phase: "body", ms: 5000 } } as const;
    const request = { origin: "http://x.invalid", path: "/", method: "GET" } as const;
    const asked = askForAll(server, request, { ...limits, signal: abort.signal });
    await until("it connects", () => sockets === 1);
    const before = performance.now();
    abort.abort(new DOMException("enough", "AbortError"));
    await assert.rejects(asked, { message: "enough" });
    assert.ok(performance.now() - before < 500);
    await server.destroy();
    silent.close();
  });

  it("reports a connection that breaks in the head or in the body", async () => {
    at.server.answer = (_, response) => void response.socket?.destroy();
    await assert.rejects(at.client.sessions.interrupt("x"), NetworkError);
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Length": "1000" }).write("{", () => response.socket?.destroy());
    };
    await assert.rejects(at.client.sessions.logs("x"), NetworkError);
  });

  it("repeats a GET once after a broken connection, and nothing else", async () => {
    let calls = 0;
    at.server.answer = (_, response) => {
      calls += 1;
      return calls === 1 ? void response.socket?.destroy() : { status: "RUNNING" };
    };
    assert.equal((await at.client.sessions.info("x")).status, "RUNNING");
    calls = 0;
    await assert.rejects(at.client.runs.execute("x", { mode: "query" }), NetworkError);
    assert.equal(calls, 1);
  });

  it("asks a server that stumbled once more, where that does no harm", async () => {
    let calls = 0;
    at.server.answer = ({ url }, response) => {
      calls += 1;
      if (calls === 1) {
        problem(response, 500, "internal-server-error");
        return;
      }
      return /files/.test(url) ? listed : { status: "RUNNING" };
    };
    const listed = { files: JSON.stringify([{ mode: "-", size: 1, mtime: 0, filename: "a" }]), errors: "" };
    const calling = async (call: () => Promise<unknown>): Promise<number> => {
      calls = 0;
      await call();
      return calls;
    };
    assert.equal(await calling(async () => at.client.sessions.info("x")), 2);
    const upload = async (): Promise<void> =>
      at.client.files.upload("x", [{ path: "a", content: Buffer.from("a") }]);
    assert.equal(await calling(upload), 3, "the upload twice, and its proof");
    assert.equal(
      await calling(async () => assert.rejects(at.client.sessions.interrupt("x"), ServerError)),
      1,
    );
    at.server.answer = (_, response) => {
      calls += 1;
      problem(response, 500, "kernel-execution-failed");
    };
    assert.equal(await calling(async () => assert.rejects(at.client.sessions.info("x"), ServerError)), 1);
  });

  it("rejects with the reason when the signal aborts before, during the head and during the body", async () => {
    const reason = new Error("the user said so");
    await assert.rejects(at.client.sessions.info("x", { signal: AbortSignal.abort(reason) }), reason);
    for (const withHead of [false, true]) {
      const controller = new AbortController();
      at.server.answer = (_, response) => {
        if (withHead) {
          response.writeHead(200, { "Content-Type": "application/json" }).write("{");
        }
        setImmediate(() => controller.abort(reason));
      };
      await assert.rejects(at.client.sessions.info("x", { signal: controller.signal }), reason);
    }
  });

  it("leaves nothing at a signal that lives on, however its requests end", async () => {
    const { signal } = new AbortController();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on("warning", onWarning);
    const listeners = (): number => getEventListeners(signal, "abort").length;
    at.server.answer = () => ({ matches: [] });
    const asked = Array.from({ length: 30 }, async () => at.client.sessions.match("x", { signal }));
    assert.ok(listeners() >= 30, "each of them can be aborted");
    await Promise.all(asked);
    at.server.answer = (_, response) => problem(response, 500, "internal-server-error");
    await assert.rejects(at.client.sessions.match("x", { signal }), ServerError);
    at.server.answer = (_, response) => response.writeHead(200).write("{");
    await assert.rejects(at.client.sessions.match("x", { signal }), TimeoutError);
    at.server.answer = () => undefined;
    await assert.rejects(at.client.sessions.match("x", { signal }), TimeoutError);
    await until("their goodbyes", () => listeners() === 0);
    process.off("warning", onWarning);
    assert.deepEqual(warnings, []);
  });

  it("logs a line out and a line in, without query and secret", async () => {
    const lines: string[] = [];
    const logger: Logger = { ...silentLogger, debug: (line) => lines.push(line) };
    await at.reconnect({ logger });
    lines.length = 0;
    at.server.answer = () => ({ matches: [] });
    await at.client.sessions.match("secret-prefix");
    const [out = "", back = ""] = lines;
    assert.match(out, /^→ [0-9a-f]{4} GET \/session\/_\/match$/);
    assert.match(back, /^← [0-9a-f]{4} 200 \d+ ms$/);
    assert.doesNotMatch(lines.join(), /secret|wJalr|signMethod/);
  });

  it("refuses an id that would name another path", async () => {
    await assert.rejects(at.client.sessions.info(".."), ConfigurationError);
    await assert.rejects(at.client.sessions.info(""), ConfigurationError);
  });
});

describe("connect", () => {
  it("tries the next endpoint when a connection is refused, and keeps to it", async () => {
    const server = await ScriptedServer.start();
    const client = await BackendAIClient.connect({
      endpoint: [`http://127.0.0.1:${await freePort()}`, `${server.url}/`],
      credentials: { type: "anonymous" },
    });
    assert.equal(client.endpoint, server.url);
    assert.equal(client.hello.manager, "24.09.14");
    assert.equal(client.dialect.prefix, "/session");
    assert.equal(client.accessKey, undefined);
    await client.close();
    await server.stop();
  });

  it("fails with the last endpoint's error, named by the system", async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const connecting = BackendAIClient.connect({ endpoint, credentials: exampleKey });
    await assert.rejects(
      connecting,
      (error) => error instanceof NetworkError && error.reason === "ECONNREFUSED",
    );
  });

  it("refuses what is no URL, no server and too old", async () => {
    for (const endpoint of ["nonsense", "ftp://x", "http://u:p@x", "http://x?y=1", []]) {
      const connecting = BackendAIClient.connect({ endpoint, credentials: exampleKey });
      await assert.rejects(connecting, ConfigurationError);
    }
    const server = await ScriptedServer.start();
    for (const hello of [{ version: "v3.20170215" }, { version: "1.0" }, { name: "other" }]) {
      Object.assign(server, { hello });
      const connecting = BackendAIClient.connect({ endpoint: server.url, credentials: exampleKey });
      await assert.rejects(connecting, ProtocolError);
    }
    await server.stop();
  });

  it("fails on a proxy that is no URL", async () => {
    const server = await ScriptedServer.start();
    const options = { endpoint: server.url, credentials: exampleKey };
    await assert.rejects(BackendAIClient.connect({ ...options, proxy: "::" }), ConfigurationError);
    await server.stop();
  });

  it("leaves the global dispatcher's slot as Node made it, in a process of its own", async () => {
    const script = `
      await import("./src/api/index.js");
      const { Agent } = await import("undici");
      const slot = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
      process.exit(slot === undefined || slot instanceof Agent ? 1 : 0);`;
    const args = ["--import=tsx", "--input-type=module", "--eval", script];
    const [code] = (await once(spawn(process.execPath, args), "exit")) as [number];
    assert.equal(code, 0);
  });

  it("makes websockets and requests go through a proxy", async () => {
    const server = await ScriptedServer.start();
    const proxy = await ConnectProxy.start();
    const client = await BackendAIClient.connect({
      endpoint: server.url,
      credentials: exampleKey,
      proxy: proxy.url,
    });
    server.socket = (socket) => socket.close(1000);
    await drain(await client.terminals.open("x"));
    assert.deepEqual(proxy.targets, Array(2).fill(`127.0.0.1:${server.port}`));
    await client.close();
    proxy.stop();
    await server.stop();
  });
});

function isTimeout(phase: TimeoutError["phase"]): (error: unknown) => boolean {
  return (error) => error instanceof TimeoutError && error.phase === phase;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}
