import assert from "node:assert/strict";
import fc from "fast-check";
import type { WebSocket } from "ws";
import {
  ForbiddenError,
  NotFoundError,
  ProtocolError,
  ServerError,
  StreamClosedError,
  TimeoutError,
  UnsupportedError,
} from "../../../src/api/index.js";
import { EventReader } from "../../../src/api/transport/sse.js";
import { until } from "../../support/until.js";
import { drain, problem, withServer } from "./support/scriptedServer.js";

describe("event streams", () => {
  const at = withServer({ timeouts: { idleMs: 150 } });
  function stream(text: string): void {
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).end(text);
    };
  }

  it("yields events, skips pings and ends after server_close", async () => {
    const data = JSON.stringify({
      sessionId: "u",
      sessionName: "n",
      reason: "",
      exitCode: null,
      kernelId: "k",
    });
    stream(
      `: ping\r\n\r\nevent: session_started\r\ndata: ${data}\r\n\r\nevent: server_close\r\ndata: \r\n\r\n`,
    );
    const events = await drain(at.client.events.sessions({ name: "n", scope: "session", group: "g" }));
    assert.deepEqual(events, [
      {
        name: "session_started",
        sessionId: "u",
        sessionName: "n",
        ownerAccessKey: undefined,
        reason: "",
        exitCode: undefined,
        kernelId: "k",
      },
    ]);
    assert.equal(at.server.lines[0], "GET /events/session?name=n&scope=session&group=g");
  });

  it("filters by session, as new servers do not", async () => {
    at.server.hello = { version: "v9.20250722", manager: "26.8.1" };
    await at.reconnect();
    stream(
      ["a", "b"].map((id) => `event: x\ndata: {"sessionId":"${id}"}\n\n`).join("") +
        "event: server_close\ndata:\n\n",
    );
    const events = await drain(at.client.events.sessions({ sessionId: "b" }));
    assert.deepEqual(
      events.map(({ sessionId }) => sessionId),
      ["b"],
    );
    assert.equal(at.server.lines[0], "GET /events/session?sessionName=*&sessionId=b");
  });

  it("knows the session by name alone on servers of v4", async () => {
    at.server.hello = { version: "v4.20190615", manager: "19.09.27" };
    await at.reconnect();
    stream('event: kernel_started\ndata: {"sessionId":"name"}\n\nevent: server_close\ndata:\n\n');
    const [event] = await drain(at.client.events.sessions());
    assert.deepEqual([event?.sessionId, event?.sessionName], [undefined, "name"]);
    assert.equal(at.server.lines[0], "GET /stream/kernel/_/events?sessionId=*");
    at.server.hello = { version: "v4.20190315", manager: "19.03.5" };
    await at.reconnect();
    await assert.rejects(drain(at.client.events.sessions()), UnsupportedError);
  });

  it("says why it ended: end of stream, silence, refusal, no event stream, abort", async () => {
    stream("");
    await assert.rejects(drain(at.client.events.sessions()), StreamClosedError);
    at.server.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write(": ping\n\n");
    };
    await assert.rejects(drain(at.client.events.sessions()), isTimeout("idle"));
    const reason = new Error("enough");
    const controller = new AbortController();
    setImmediate(() => controller.abort(reason));
    await assert.rejects(drain(at.client.events.sessions({}, { signal: controller.signal })), reason);
    at.server.answer = (_, response) => problem(response, 403, "generic-forbidden");
    await assert.rejects(drain(at.client.events.sessions()), ForbiddenError);
    at.server.answer = () => ({});
    await assert.rejects(drain(at.client.events.sessions()), ProtocolError);
  });

  it("follows a background task to its end, under either prefix", async () => {
    stream(
      'event: bgtask_updated\ndata: {"current_progress":1,"total_progress":2,"message":"half"}\n\n' +
        "event: task_done\ndata: {}\n\n",
    );
    assert.deepEqual(await drain(at.client.events.backgroundTask("t")), [
      { state: "updated", message: "half", current: 1, total: 2 },
      { state: "done", message: undefined, current: undefined, total: undefined },
    ]);
    stream("");
    await assert.rejects(drain(at.client.events.backgroundTask("t")), NotFoundError);
    stream("event: bgtask_updated\ndata: {}\n\n");
    await assert.rejects(drain(at.client.events.backgroundTask("t")), StreamClosedError);
  });

  it("splits events wherever the pieces are cut", () => {
    const text = fc.string({ unit: "grapheme" }).map((line) => line.replaceAll(/[\r\n]/g, "").trim());
    const property = fc.property(
      fc.array(text, { minLength: 1 }),
      fc.integer({ min: 1, max: 20 }),
      (lines, size) => {
        const bytes = Buffer.from(lines.map((line) => `: ping\n\nevent: e\ndata: x${line}\n\n`).join(""));
        const reader = new EventReader("test");
        const read = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          reader.read(bytes.subarray(n * size, (n + 1) * size)),
        ).flat();
        assert.deepEqual(
          read,
          lines.map((line) => ({ name: "e", data: `x${line}` })),
        );
      },
    );
    fc.assert(property, { numRuns: 200 });
    assert.throws(() => {
      const reader = new EventReader("test");
      for (let n = 0; n < 3000; n += 1) {
        reader.read(Buffer.from("data: ".padEnd(1000, "x")));
      }
    }, ProtocolError);
  });
});

describe("sockets", () => {
  const at = withServer({ timeouts: { idleMs: 300, handshakeMs: 300 } });

  it("report a refused upgrade by its problem body", async () => {
    const body = JSON.stringify({
      type: "https://api.backend.ai/probs/object-not-found",
      title: "No such session.",
    });
    at.server.refusal = { status: 404, body };
    await assert.rejects(at.client.terminals.open("x"), (error) => {
      return error instanceof NotFoundError && error.slug === "object-not-found";
    });
    at.server.refusal = { status: 500, body: "<html>" };
    await assert.rejects(at.client.apps.openTunnel("x", "sshd"), ServerError);
  });

  it("open at the second try when the server stumbled", async () => {
    at.server.refusal = {
      status: 500,
      body: JSON.stringify({ type: "https://api.backend.ai/probs/internal-server-error", title: "Oops" }),
    };
    const opening = at.client.apps.openTunnel("x", "sshd");
    await until("the first try", () => at.server.lines.length === 1);
    at.server.refusal = undefined;
    const tunnel = await opening;
    assert.equal(at.server.lines.length, 2);
    await tunnel.close();
  });

  it("carry a terminal's bytes in text and binary frames, and what is typed", async () => {
    const said: unknown[] = [];
    at.server.socket = (socket) => {
      // the first frame may come together with the handshake
      socket.send(JSON.stringify({ type: "out", data: Buffer.from([0xe2, 0x82]).toString("base64") }));
      socket.send(Buffer.from(JSON.stringify({ type: "out", data: Buffer.from([0xac]).toString("base64") })));
      socket.send(JSON.stringify({ type: "novelty" }));
      socket.on("message", (data: Buffer) => {
        said.push(JSON.parse(data.toString()));
        if (said.length === 4) {
          socket.close(1000);
        }
      });
    };
    const pty = await at.client.terminals.open("x");
    await pty.write("é");
    await pty.resize(24, 80);
    await pty.ping();
    await pty.restart();
    assert.equal(Buffer.concat(await drain(pty)).toString(), "€");
    assert.deepEqual(said, [
      { type: "stdin", chars: "w6k=" },
      { type: "resize", rows: 24, cols: 80 },
      { type: "ping" },
      { type: "restart" },
    ]);
    assert.equal(pty.isOpen, false);
    assert.equal(pty.bufferedBytes, 0);
    await assert.rejects(pty.write("late"), StreamClosedError);
  });

  it("report a terminal's error frame", async () => {
    at.server.socket = (socket) => socket.send(JSON.stringify({ type: "error", data: "no tty" }));
    const pty = await at.client.terminals.open("x");
    await assert.rejects(drain(pty), /no tty/);
    await pty.close();
  });

  it("tunnel bytes both ways, ignore text, and sign query and all", async () => {
    at.server.socket = (socket) => {
      socket.send("text is not for us");
      socket.on("message", (data: Buffer) => {
        socket.send(data);
        socket.close(1000);
      });
    };
    const tunnel = await at.client.apps.openTunnel("x", "sshd", {
      port: 2200,
      environ: { A: "1" },
      arguments: { b: "2" },
    });
    await tunnel.write(Buffer.from("SSH"));
    assert.equal(Buffer.concat(await drain(tunnel)).toString(), "SSH");
    const query = "app=sshd&port=2200&envs=%7B%22A%22%3A%221%22%7D&arguments=%7B%22b%22%3A%222%22%7D";
    assert.equal(at.server.lines[0], `WS /stream/session/x/tcpproxy?${query}`);
    assert.match(at.server.received.at(-1)?.headers.authorization ?? "", /^BackendAI signMethod/);
  });

  for (const code of [1001, 1011, 1013]) {
    it(`throw StreamClosedError for close code ${code}`, async () => {
      at.server.socket = (socket) => socket.close(code);
      const tunnel = await at.client.apps.openTunnel("x", "sshd");
      await assert.rejects(
        drain(tunnel),
        (error) => error instanceof StreamClosedError && error.closeCode === code,
      );
    });
  }

  it("let the faster end wait, both ways", async () => {
    await at.reconnect({ timeouts: {} }); // a computer that moves 40 MB may be silent for longer than the others here
    const total = 24 * 1024 * 1024;
    let server: WebSocket | undefined;
    at.server.socket = (socket) => {
      server = socket;
      socket.pause();
      for (let sent = 0; sent < total; sent += 65536) {
        socket.send(Buffer.alloc(65536));
      }
    };
    const tunnel = await at.client.apps.openTunnel("x", "sshd");
    for (let n = 0; n < 64; n += 1) {
      void tunnel.write(Buffer.alloc(256 * 1024)).catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(tunnel.bufferedBytes > 1024 * 1024, "the reader is slow, so bytes wait here");
    const waiting = tunnel.write(Buffer.alloc(1));
    assert.ok((server?.bufferedAmount ?? 0) > 0, "we are slow, so bytes wait there");
    server?.resume();
    await waiting;
    let read = 0;
    for await (const bytes of tunnel) {
      read += bytes.length;
      if (read === total) {
        server?.close(1000);
      }
    }
    assert.equal(read, total);
  });

  it("find out when the other end is gone, and not when it is only silent", async () => {
    let socket: WebSocket | undefined;
    at.server.socket = (opened) => (socket = opened);
    const silent = await at.client.terminals.open("x");
    setTimeout(() => socket?.close(1000), 500); // longer than idleMs, with pongs in between
    await drain(silent);
    at.server.socket = (opened) => opened.pause(); // no pong from this one
    const dead = await at.client.terminals.open("x");
    await assert.rejects(drain(dead), isTimeout("idle"));
  });

  it("end with their signal, with their client and by close", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const one = await at.client.terminals.open("x", { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(drain(one), reason);
    const two = await at.client.terminals.open("x");
    await two.close();
    assert.deepEqual(await drain(two), []);
    const three = await at.client.terminals.open("x");
    const reading = drain(three);
    await at.client.close();
    await assert.rejects(reading, /client was closed/);
    await assert.rejects(at.client.terminals.open("x"), /client was closed/);
    await assert.rejects(at.client.terminals.open("x", { signal: AbortSignal.abort(reason) }), reason);
  });

  it("time out on a handshake that does not end, and report a refused connection", async () => {
    at.server.refusal = undefined;
    at.server.holdsUpgrades = true;
    await assert.rejects(at.client.terminals.open("x"), isTimeout("handshake"));
  });
});

describe("apps", () => {
  const at = withServer();

  it("are listed, started behind the proxy and stopped", async () => {
    at.server.answer = () => [
      { name: "ttyd", protocol: "http", ports: [7681] },
      { name: "a", protocol: "tcp", container_ports: [1] },
    ];
    assert.deepEqual(await at.client.apps.list("x"), [
      { name: "ttyd", protocol: "http", ports: [7681] },
      { name: "a", protocol: "tcp", ports: [1] },
    ]);
    at.server.answer = () => ({ token: "t", wsproxy_addr: "http://p" });
    assert.deepEqual(await at.client.apps.startService("x", "ttyd"), {
      token: "t",
      proxyAddress: "http://p",
    });
    at.server.answer = (_, response) => void response.writeHead(204).end();
    await at.client.apps.shutdownService("x", "ttyd");
    assert.deepEqual(JSON.parse(at.server.received.at(-1)!.body.toString()), { service_name: "ttyd" });
    at.server.hello = { version: "v9.20250722", manager: "26.8.1" };
    await at.reconnect();
    await at.client.apps.shutdownService("x", "ttyd");
    assert.equal(at.server.lines.at(-1), "POST /session/x/shutdown-service?service_name=ttyd");
  });
});

function isTimeout(phase: TimeoutError["phase"]): (error: unknown) => boolean {
  return (error) => error instanceof TimeoutError && error.phase === phase;
}
