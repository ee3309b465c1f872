import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { silentLogger } from "../../../src/base/logger.js";
import { LoopbackListener, type LoopbackOptions } from "../../../src/tunnel/loopbackListener.js";
import { until } from "../../support/until.js";
import { dial, freePort, readAll, type TcpServer, tcpServer } from "./support/ports.js";

describe("LoopbackListener", () => {
  const owned: { dispose(): void }[] = [];
  const servers: TcpServer[] = [];

  afterEach(async () => {
    for (const item of owned.splice(0)) {
      item.dispose();
    }
    for (const server of servers.splice(0)) {
      await server.close();
    }
  });

  const serve = async (...args: Parameters<typeof tcpServer>): Promise<TcpServer> => {
    const server = await tcpServer(...args);
    servers.push(server);
    return server;
  };

  const listen = async (options: Partial<LoopbackOptions>): Promise<LoopbackListener> => {
    const open = (): Promise<never> => Promise.reject(new Error("nothing there"));
    const listener = await LoopbackListener.listen({ open, logger: silentLogger, ...options });
    owned.push(listener);
    return listener;
  };

  /** A listener that leads to a server of the test. */
  const leadTo = (port: number, options: Partial<LoopbackOptions> = {}): Promise<LoopbackListener> =>
    listen({ open: () => dial(port), ...options });

  /** Resolves when the other side breaks a connection, as opposed to ending it. */
  const resetOf = async (socket: Socket): Promise<void> => {
    const [error] = (await once(socket.resume(), "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET");
  };

  it("listens on loopback alone, on the preferred port where it is free", async () => {
    const preferredPort = await freePort();
    const listener = await listen({ preferredPort });
    assert.equal(listener.port, preferredPort);
    const elsewhere = connect(preferredPort, "127.0.0.2");
    const [refusal] = (await once(elsewhere, "error")) as [NodeJS.ErrnoException];
    assert.equal(refusal.code, "ECONNREFUSED");
  });

  it("takes any other port where the preferred one is taken", async () => {
    const taken = await serve(() => undefined);
    const listener = await listen({ preferredPort: taken.port });
    assert.ok(listener.port > 0);
    assert.notEqual(listener.port, taken.port);
  });

  it("lets a program say that it has sent everything and still be answered", async () => {
    const echo = await serve((socket) => {
      const pieces: Buffer[] = [];
      socket.on("data", (piece: Buffer) => pieces.push(piece));
      socket.on("end", () => socket.end(Buffer.concat([Buffer.from("got "), ...pieces])));
    });
    const near = await dial((await leadTo(echo.port)).port);
    near.end("question");
    assert.equal((await readAll(near)).toString(), "got question");
  });

  it("passes on the end of the session's side while the program still sends", async () => {
    const server = await serve((socket) => socket.end("bye"));
    const near = await dial((await leadTo(server.port)).port);
    assert.equal((await readAll(near)).toString(), "bye");
    near.end("late words");
    assert.equal((await readAll(server.sockets[0]!)).toString(), "late words");
  });

  it("breaks the program's side when the session's side is reset", async () => {
    const server = await serve((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const near = await dial((await leadTo(server.port)).port);
    const broken = resetOf(near);
    near.write("x");
    await broken;
  });

  it("breaks the session's side when the program is gone", async () => {
    const server = await serve((socket) => socket.resume());
    const listener = await leadTo(server.port);
    const near = await dial(listener.port);
    await until("the other end", () => server.sockets.length === 1);
    const broken = once(server.sockets[0]!, "end");
    near.resetAndDestroy();
    await broken;
    await until("no connection", () => listener.connectionCount === 0);
  });

  it("carries a hundred connections at once, each its own bytes", async () => {
    const echo = await serve((socket) => socket.pipe(socket));
    let news = 0;
    const listener = await leadTo(echo.port, { onConnections: () => (news += 1) });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const near = await dial(listener.port);
        near.end(`connection ${index} `.repeat(1000));
        return readAll(near);
      }),
    );
    answers.forEach((answer, index) => assert.equal(answer.toString(), `connection ${index} `.repeat(1000)));
    await until("no connection", () => listener.connectionCount === 0);
    assert.equal(news, 200);
  });

  it("closes the port and every connection when it is disposed", async () => {
    const server = await serve((socket) => socket.resume());
    const listener = await leadTo(server.port);
    const { port } = listener;
    const near = await dial(port);
    await until("the other end", () => server.sockets.length === 1);
    const closed = Promise.all([resetOf(near), once(server.sockets[0]!, "end")]);
    listener.dispose();
    await closed;
    const [refusal] = (await once(connect(port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
    assert.equal(refusal.code, "ECONNREFUSED");
  });

  it("stops opening the other end when it is disposed meanwhile", async () => {
    let signal: AbortSignal | undefined;
    const failures: unknown[] = [];
    const listener = await listen({
      open: (given) => {
        signal = given;
        return new Promise((_, reject) =>
          given.addEventListener("abort", () => reject(new Error("given up"))),
        );
      },
      onFailure: (error) => failures.push(error),
    });
    const near = await dial(listener.port);
    await until("the attempt", () => signal !== undefined);
    listener.dispose();
    await resetOf(near);
    assert.equal(signal?.aborted, true);
    assert.deepEqual(failures, []);
  });

  it("tells why a connection did not come about, and closes it", async () => {
    const failures: unknown[] = [];
    const listener = await listen({ onFailure: (error) => failures.push(error) });
    const near = await dial(listener.port);
    await once(near.resume(), "end");
    assert.match(String(failures), /nothing there/);
  });
});
