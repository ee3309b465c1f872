import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import type ssh2 from "ssh2";
import type { ClientChannel } from "ssh2";
import { until } from "../../../support/until.js";
import { login, run } from "../support/appClients.js";
import { engines } from "../support/engines.js";

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("engine sshd: forwarded ports", () => {
  const start = engines();
  let ssh: ssh2.Client;
  const servers: Server[] = [];
  before(async () => {
    const { client } = await start();
    ({ ssh } = await login(client, await client.create("ssh-ports")));
  });
  after(() => {
    ssh.end();
    servers.forEach((server) => server.close());
  });

  const listen = async (welcome: (socket: Socket) => void): Promise<{ server: Server; port: number }> => {
    const server = createServer({ allowHalfOpen: true }, welcome);
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, port: (server.address() as AddressInfo).port };
  };
  const forward = async (port: number, host = "127.0.0.1", through = ssh): Promise<ClientChannel> =>
    new Promise((resolve, reject) => {
      through.forwardOut("127.0.0.1", 0, host, port, (error, channel) =>
        error ? reject(error) : resolve(channel),
      );
    });

  it("carries bytes both ways, whole, to 127.0.0.1 and localhost", async () => {
    const { port } = await listen((socket) => socket.pipe(socket));
    const sent = randomBytes(3_000_001);
    for (const host of ["127.0.0.1", "localhost"]) {
      const channel = await forward(port, host);
      const answer = buffer(channel);
      channel.end(sent);
      assert.equal(sha256(await answer), sha256(sent), host);
    }
  });

  it("ends each direction by itself", async () => {
    const heard: string[] = [];
    const { port } = await listen((socket) => {
      socket.on("data", (bytes: Buffer) => heard.push(bytes.toString()));
      socket.on("end", () => socket.end(`you said ${heard.join("")}`));
    });
    const asking = await forward(port);
    const answer = buffer(asking);
    asking.end("a question");
    assert.equal((await answer).toString(), "you said a question");
    let isOver = false;
    const first = await listen((socket) => {
      socket.end("hello");
      socket.on("data", (bytes: Buffer) => heard.push(bytes.toString()));
      socket.on("end", () => (isOver = true));
    });
    const listening = await forward(first.port);
    const closed = once(listening, "close");
    let told = "";
    listening.on("data", (bytes: Buffer) => (told += bytes.toString()));
    await once(listening, "end");
    assert.equal(told, "hello");
    assert.equal(isOver, false);
    listening.end("bye");
    await closed;
    await until("the client's end", () => isOver);
    assert.equal(heard.at(-1), "bye");
  });

  it("closes the channel when the program breaks the connection", async () => {
    const { port } = await listen((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const channel = await forward(port);
    channel.resume();
    channel.write("x");
    await once(channel, "close");
    assert.equal((await run(ssh, "echo alive")).stdout.toString(), "alive\n");
  });

  it("breaks the connection of a program that talks on when its client is gone", async () => {
    const { client } = await start();
    const leaving = await login(client, await client.create("ssh-leaving"));
    const { server, port } = await listen((socket) => {
      const piece = Buffer.alloc(64 * 1024, "x");
      const write = (): boolean => socket.write(piece, (error) => error ?? write());
      socket.on("error", () => undefined);
      socket.resume();
      write();
    });
    const connected = once(server, "connection");
    await forward(port, "127.0.0.1", leaving.ssh);
    const [socket] = (await connected) as [Socket];
    leaving.link.destroy();
    await until("the end of the connection", () => socket.closed);
  });

  it("refuses a port where nothing listens, and other hosts, and goes on", async () => {
    const { server, port } = await listen(() => undefined);
    server.close();
    await once(server, "close");
    await assert.rejects(forward(port), /open failure/);
    const { port: open } = await listen((socket) => socket.end("reached"));
    for (const host of ["127.0.0.2", "0.0.0.0", "::1", "example.invalid", ""]) {
      await assert.rejects(forward(open, host), /open failure/, host);
    }
    assert.equal((await buffer(await forward(open))).toString(), "reached");
  });

  it("lets a program wait for a reader that does not read", async () => {
    const piece = Buffer.alloc(1024 * 1024, "x");
    const total = 32;
    let written = 0;
    const { port } = await listen((socket) => {
      const write = (): void => {
        if (written === total) {
          socket.end();
        } else {
          written += 1;
          socket.write(piece, write);
        }
      };
      write();
    });
    const channel = await forward(port);
    for (let turn = 0; turn < 30; turn += 1) {
      await run(ssh, "true"); // the connection has work to do, and time to carry more
    }
    assert.ok(written < total / 2, `${written} of ${total} MiB were taken`);
    assert.equal((await buffer(channel)).length, total * piece.length);
  });
});
