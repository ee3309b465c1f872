import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  ApiError,
  NotFoundError,
  ServerError,
  StreamClosedError,
  type TunnelSocket,
} from "../../../src/api/index.js";
import { serverRulesFor } from "../../../src/wire/serverRules.js";
import { collect, rejection } from "../assertions.js";
import { caseGroup } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { freePort } from "../localServers.js";
import { query } from "../playing.js";

/** A server inside the session that gives back what it is sent; it serves one connection after the other. */
const echoServer = (port: number): string => `
import socketserver, threading
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            data = self.request.recv(65536)
            if data in (b"", b"bye"):
                break
            self.request.sendall(data)
socketserver.ThreadingTCPServer.allow_reuse_address = True
echo = socketserver.ThreadingTCPServer(("0.0.0.0", ${port}), Echo)
echo.daemon_threads = True
threading.Thread(target=echo.serve_forever, daemon=True).start()
`;

/** A session with one port opened for an app of our own; the app is called like the port. */
async function sessionWithPort(context: CaseContext): Promise<{ id: string; app: string; port: number }> {
  const port = await freePort();
  const { id, servicePorts } = await context.ownPython({ preopenPorts: [port] });
  const app = servicePorts.find(({ ports }) => ports.includes(port));
  assert.ok(app, `no app has port ${port}: ${JSON.stringify(servicePorts)}`);
  return { id, app: app.name, port };
}

/** Reads `length` bytes. */
async function read(tunnel: AsyncIterator<Uint8Array>, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let left = length; left > 0;) {
    const next = await tunnel.next();
    assert.ok(next.done !== true, "the tunnel ended");
    pieces.push(next.value);
    left -= next.value.length;
  }
  return Buffer.concat(pieces);
}

async function openTunnel(context: CaseContext, id: string, app: string): Promise<TunnelSocket> {
  const tunnel = await context.client.apps.openTunnel(id, app);
  context.onEnd(async () => tunnel.close());
  return tunnel;
}

export const tunnels = caseGroup("P", "Apps and tunnels", [
  {
    covers: ["apps"],
    title: "lists the apps of a session, as create did",
    lacks: { feature: "apps", refused: async ({ client, python }) => client.apps.list(await python()) },
    run: async (context) => {
      const session = await context.ownPython({ preopenPorts: [await freePort()] });
      const apps = await context.client.apps.list(session.id);
      const shown = apps.map(({ name, protocol, ports }) => ({ name, protocol, ports }));
      assert.deepEqual(shown, session.servicePorts);
      assert.ok(apps.length > 0);
    },
  },
  {
    covers: ["tunnel"],
    title: "carries bytes to an app and back, whole and in order",
    run: async (context) => {
      const { id, app, port } = await sessionWithPort(context);
      await query(context, id, echoServer(port));
      const tunnel = await openTunnel(context, id, app);
      const bytes = tunnel[Symbol.asyncIterator]();
      await tunnel.write(Buffer.from("hello\0\xff", "latin1"));
      assert.equal((await read(bytes, 7)).toString("latin1"), "hello\0\xff");
      const large = randomBytes(3 * 1024 * 1024);
      const [back] = await Promise.all([read(bytes, large.length), tunnel.write(large)]);
      assert.ok(back.equals(large));
    },
  },
  {
    covers: ["tunnel"],
    title: "keeps tunnels apart, and tells when the app hangs up",
    run: async (context) => {
      const { id, app, port } = await sessionWithPort(context);
      await query(context, id, echoServer(port));
      const tunnels = await Promise.all(["a", "b", "c"].map(async () => openTunnel(context, id, app)));
      await Promise.all(tunnels.map(async (tunnel, index) => tunnel.write(Buffer.from(`tunnel ${index}`))));
      const readers = tunnels.map((tunnel) => tunnel[Symbol.asyncIterator]());
      const texts = await Promise.all(readers.map(async (reader) => (await read(reader, 8)).toString()));
      assert.deepEqual(texts, ["tunnel 0", "tunnel 1", "tunnel 2"]);
      await tunnels[0]?.write(Buffer.from("bye"));
      const hungUp = rejection(readers[0]?.next() ?? Promise.resolve(), StreamClosedError);
      // 23.09 drops the connection at most times, and closes it at others.
      const { hangUpCode } = serverRulesFor(context.dialect.manager).proxy;
      const { closeCode } = await hungUp;
      assert.ok(closeCode === hangUpCode || closeCode === 1001, String(closeCode));
      await tunnels[1]?.write(Buffer.from("still"));
      assert.equal((await read(readers[1]!, 5)).toString(), "still");
    },
  },
  {
    covers: ["tunnel"],
    title: "tells that nothing listens behind an app",
    run: async (context) => {
      const { id, app } = await sessionWithPort(context);
      const tunnel = await openTunnel(context, id, app);
      const { closeCode } = await rejection(collect(tunnel), StreamClosedError);
      assert.equal(closeCode, serverRulesFor(context.dialect.manager).proxy.deadAppCode);
    },
  },
  {
    covers: ["tunnel"],
    title: "has no app that nobody knows",
    run: async (context) => {
      const id = await context.python();
      await rejection(context.client.apps.openTunnel(id, "no-such-app"), NotFoundError);
    },
  },
  {
    covers: ["start-service, shutdown-service"],
    title: "says that it has no app proxy",
    lacks: {
      feature: "startService",
      refused: async ({ client, python }) => client.apps.startService(await python(), "ttyd"),
    },
    engineOnly: "it depends on the installation whether there is an app proxy",
    run: async ({ client, python }) => {
      const error = await rejection(client.apps.startService(await python(), "ttyd"), ServerError);
      assert.ok([500, 503].includes(error.status));
    },
  },
  {
    covers: ["start-service, shutdown-service"],
    title: "stops an app",
    lacks: {
      feature: "shutdownService",
      refused: async ({ client, python }) => client.apps.shutdownService(await python(), "ttyd"),
    },
    run: async ({ client, python }) => {
      try {
        await client.apps.shutdownService(await python(), "ttyd");
      } catch (error) {
        assert.ok(error instanceof ApiError, String(error)); // where it never ran, some refuse
      }
    },
  },
]);
