import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { WebSocket } from "ws";
import { silentLogger } from "../../../../src/base/logger.js";
import type { ForwardPlace, ForwardTarget } from "../../../../src/tunnel/forwards/forwardTarget.js";
import { OpenForward } from "../../../../src/tunnel/forwards/openForward.js";
import { AppNotStartedError, NothingAnswersError } from "../../../../src/tunnel/forwards/reachErrors.js";
import { reachPort } from "../../../../src/tunnel/forwards/reachPort.js";
import { until } from "../../../support/until.js";
import { withServer } from "../../api/support/scriptedServer.js";
import { dial, freePort, readAll } from "../support/ports.js";
import { bySsh, fetchBytes, gone, serveHttp, withPorts } from "./support/portsTarget.js";

const { signal } = new AbortController();

describe("a port inside a session", () => {
  const at = withPorts();
  const placeOf = (target: ForwardTarget): ForwardPlace => {
    const { client, session } = at;
    return { client, session, target };
  };
  const asApp = (): ForwardTarget => ({ port: at.preopenPort, app: String(at.preopenPort), isHttp: true });

  /** A forward, and what it was told to tell. */
  const open = async (target: ForwardTarget) => {
    const failures: unknown[] = [];
    const forward = await OpenForward.open({
      place: placeOf(target),
      tunnels: at.tunnels,
      logger: silentLogger,
      onFailure: (error) => failures.push(error),
      onConnections: () => undefined,
    });
    return { forward, failures };
  };

  const ask = async (duplex: Duplex, path: string): Promise<Buffer> => {
    duplex.write(`GET /${path} HTTP/1.0\r\n\r\n`);
    const answer = await buffer(duplex);
    return answer.subarray(answer.indexOf("\r\n\r\n") + 4);
  };

  for (const [way, target] of [
    ["ssh", bySsh],
    ["the tunnel of an app", asApp],
  ] as const) {
    it(`is reached by ${way}, byte for byte, one connection after another and many at once`, async () => {
      const bytes = randomBytes(700_000).toString("base64");
      await at.programs.run("cd && mkdir -p www && head -c 3000000 /dev/urandom > www/large.bin");
      await at.programs.run(`cd && printf %s '${bytes.slice(0, 20_000)}' > www/small.txt`);
      const server = await serveHttp(at.programs, { port: at.preopenPort });
      const { forward, failures } = await open(target(server.port));
      try {
        const [{ data }] = await filesOf("www/large.bin");
        assert.equal(String(await fetchBytes(forward.localPort, "small.txt")), bytes.slice(0, 20_000));
        const all = await Promise.all(
          Array.from({ length: 8 }, () => fetchBytes(forward.localPort, "large.bin")),
        );
        assert.ok(all.every((answer) => answer.equals(data)));
        assert.deepEqual(failures, []);
        await until("the connections to end", () => forward.connectionCount === 0);
      } finally {
        forward.dispose();
        await server.stop();
      }
    });
  }

  const filesOf = async (file: string): Promise<readonly [{ readonly data: Buffer }]> => {
    const text = await at.programs.run(`cd && base64 ${file}`);
    return [{ data: Buffer.from(text, "base64") }];
  };

  it("is reached without a forward, and its share in the ssh connection returned", async () => {
    await at.programs.run("cd && mkdir -p www && echo one > www/one.txt");
    const server = await serveHttp(at.programs);
    const duplex = await reachPort(placeOf(bySsh(server.port)), at.tunnels, signal);
    assert.equal(String(await ask(duplex, "one.txt")), "one\n");
    duplex.destroy();
    const lease = await at.tunnels.ssh(at.client, at.session.id).acquire();
    assert.ok(lease.connection.isOpen, "who comes next finds it open");
    lease.dispose();
    await server.stop();
  });

  it("refuses where nothing listens, by name", async () => {
    const port = await freePort();
    await assert.rejects(reachPort(placeOf(bySsh(port)), at.tunnels, signal), (error) => {
      assert.ok(error instanceof NothingAnswersError);
      assert.equal(error.code, "NOTHING_ANSWERS");
      assert.equal(error.message, `Nothing answers at port ${port} of ports.`);
      return true;
    });
  });

  it("says so once when nothing listens, by ssh and by app, however often it is dialed", async () => {
    for (const target of [bySsh(await freePort()), asApp()]) {
      const { forward, failures } = await open(target);
      for (let count = 0; count < 3; count += 1) {
        await gone(await dial(forward.localPort));
      }
      await until("the failure", () => failures.length > 0);
      assert.equal(failures.length, 1);
      assert.ok(failures[0] instanceof NothingAnswersError, String(failures[0]));
      forward.dispose();
    }
  });

  it("is not reached for who has gone, and that is no failure", async () => {
    const aborted = AbortSignal.abort();
    for (const target of [bySsh(await freePort()), asApp()]) {
      await assert.rejects(reachPort(placeOf(target), at.tunnels, aborted), { name: "AbortError" });
    }
    const { forward, failures } = await open(bySsh(await freePort()));
    const socket = await dial(forward.localPort);
    forward.dispose();
    await gone(socket);
    assert.deepEqual(failures, []);
  });
});

describe("an app behind a forward", () => {
  const at = withServer();
  const forwards: OpenForward[] = [];
  afterEach(() => forwards.splice(0).forEach((forward) => forward.dispose()));

  const open = async (): Promise<{ readonly port: number; readonly failures: unknown[] }> => {
    const failures: unknown[] = [];
    const forward = await OpenForward.open({
      place: {
        client: at.client,
        session: { id: "s", name: "mine" },
        target: { port: 8080, app: "jupyter", isHttp: true },
      },
      // A tunnel to an app needs no ssh.
      tunnels: undefined as never,
      logger: silentLogger,
      onFailure: (error) => failures.push(error),
      onConnections: () => undefined,
    });
    forwards.push(forward);
    return { port: forward.localPort, failures };
  };

  const answer = (socket: WebSocket): void => {
    socket.on("message", () => socket.send(Buffer.from("hi"), () => socket.close(1001)));
  };

  /** What the app says until it hangs up; a connection that broke says nothing. */
  const call = async (port: number): Promise<string> => {
    const socket = await dial(port);
    socket.write("hello");
    return readAll(socket).then(String, () => "");
  };

  it("is asked for by its name and the port inside", async () => {
    at.server.socket = answer;
    const { port, failures } = await open();
    assert.equal(await call(port), "hi");
    assert.deepEqual(at.server.lines, ["WS /stream/session/s/tcpproxy?app=jupyter&port=8080"]);
    assert.deepEqual(failures, []);
  });

  it("that could not be started is said to be missing in the image, once", async () => {
    const body = JSON.stringify({
      type: "https://api.backend.ai/probs/app-service-start-failed",
      title: "no",
    });
    at.server.refusal = { status: 500, body };
    const { port, failures } = await open();
    assert.equal(await call(port), "");
    assert.equal(await call(port), "");
    assert.deepEqual(failures.map(String), [
      "AppNotStartedError: The server could not start jupyter in mine: its image may not have it.",
    ]);
    assert.ok(failures[0] instanceof AppNotStartedError);
  });

  it("that hangs up without a word answers nothing, but not when it has answered before", async () => {
    at.server.socket = (socket) => socket.close(1001);
    const first = await open();
    assert.equal(await call(first.port), "");
    await until("the failure", () => first.failures.length === 1);
    assert.match(String(first.failures[0]), /^NothingAnswersError: Nothing answers at jupyter of mine\.$/);

    const second = await open();
    at.server.socket = answer;
    assert.equal(await call(second.port), "hi");
    at.server.socket = (socket) => socket.close(1001);
    assert.equal(await call(second.port), "", "a browser opens connections ahead of need");
    assert.deepEqual(second.failures, []);
  });
});
