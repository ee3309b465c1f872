import assert from "node:assert/strict";
import type { WebSocket } from "ws";
import { TimeoutError, StreamClosedError } from "../../../../src/base/errors.js";
import { ServerError } from "../../../../src/api/errors.js";
import { waitForApp } from "../../../../src/tunnel/apps/waitForApp.js";
import type { ForwardPlace } from "../../../../src/tunnel/forwards/forwardTarget.js";
import { AppNotStartedError, NothingAnswersError } from "../../../../src/tunnel/forwards/reachErrors.js";
import { until } from "../../../support/until.js";
import { withServer } from "../../api/support/scriptedServer.js";

describe("waiting for an app", () => {
  const at = withServer();
  const place = (isHttp = true): ForwardPlace => ({
    client: at.client,
    session: { id: "s", name: "mine" },
    target: { port: 8080, app: "jupyter", isHttp },
  });
  const { signal } = new AbortController();
  const calls = (): number => at.server.lines.length;

  const answering = (socket: WebSocket): void => {
    socket.on("message", () => socket.send(Buffer.from("HTTP/1.1 200 OK\r\n\r\n")));
  };
  const hangingUp = (socket: WebSocket): void => socket.close(1001);

  it("ends at its first answer to a question that any HTTP server understands", async () => {
    let asked = "";
    let closed = false;
    at.server.socket = (socket) => {
      socket.on("message", (data: Buffer) => (asked += String(data)));
      socket.on("close", () => (closed = true));
      answering(socket);
    };
    await waitForApp(place(), { signal });
    assert.deepEqual(at.server.lines, ["WS /stream/session/s/tcpproxy?app=jupyter&port=8080"]);
    assert.match(asked, /^HEAD \/ HTTP\/1\.1\r\nHost: localhost\r\n[^]*\r\n\r\n$/);
    await until("the tunnel to be closed", () => closed);
  });

  it("goes on while an app that is still starting hangs up", async () => {
    at.server.socket = (socket) => (calls() < 3 ? hangingUp(socket) : answering(socket));
    await waitForApp(place(), { signal });
    assert.equal(calls(), 3);
  });

  it("goes on while the server says that nothing listens, with whatever code", async () => {
    const codes = [1013, 1011, 1006];
    at.server.socket = (socket) => {
      const code = codes.shift();
      if (code === undefined) {
        answering(socket);
      } else if (code === 1006) {
        socket.terminate();
      } else {
        socket.close(code);
      }
    };
    await waitForApp(place(), { signal });
    assert.equal(calls(), 4);
  });

  it("fails by name when the app keeps hanging up", async () => {
    at.server.socket = hangingUp;
    await assert.rejects(waitForApp(place(), { signal, limitMs: 700 }), (error) => {
      assert.ok(error instanceof NothingAnswersError);
      assert.equal(error.message, "Nothing answers at jupyter of mine.");
      assert.ok(error.cause instanceof StreamClosedError);
      return true;
    });
    assert.ok(calls() > 1);
  });

  it("fails in time when the app is there and says nothing", async () => {
    await assert.rejects(waitForApp(place(), { signal, limitMs: 200 }), (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.deepEqual([error.phase, error.ms], ["start", 200]);
      assert.match(error.message, /^Waiting for jupyter took longer than 0\.2 s/);
      return true;
    });
    assert.equal(calls(), 1);
  });

  it("fails in time when the server does not even answer", async () => {
    at.server.holdsUpgrades = true;
    await assert.rejects(waitForApp(place(), { signal, limitMs: 200 }), TimeoutError);
  });

  it("takes the silence of an app that is no web page for an answer, and its end for none", async () => {
    await waitForApp(place(false), { signal });
    assert.equal(calls(), 1);
    at.server.socket = hangingUp;
    await assert.rejects(waitForApp(place(false), { signal, limitMs: 700 }), NothingAnswersError);
  });

  it("ends at once where the server can't start the app", async () => {
    const refuse = (slug: string, status: number): void => {
      const body = JSON.stringify({ type: `https://api.backend.ai/probs/${slug}`, title: slug });
      at.server.refusal = { status, body };
    };
    refuse("app-service-start-failed", 500);
    await assert.rejects(waitForApp(place(), { signal }), AppNotStartedError);
    refuse("app-not-found", 404);
    await assert.rejects(waitForApp(place(), { signal }), AppNotStartedError);
    refuse("internal-server-error", 500);
    await assert.rejects(waitForApp(place(), { signal }), ServerError);
  });

  it("ends when nobody waits any more", async () => {
    for (const behave of [hangingUp, () => undefined]) {
      at.server.socket = behave;
      const controller = new AbortController();
      const before = calls();
      const waiting = waitForApp(place(), { signal: controller.signal });
      await until("a call", () => calls() > before);
      controller.abort();
      await assert.rejects(waiting, { name: "AbortError" });
    }
  });
});
