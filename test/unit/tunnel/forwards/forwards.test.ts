import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { ConnectionStore } from "../../../../src/account/connectionStore.js";
import { ConfigurationError } from "../../../../src/base/errors.js";
import { isAbort } from "../../../../src/base/abort.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { SessionStore, type SessionsSnapshot } from "../../../../src/sessions/sessionStore.js";
import { forwardRow } from "../../../../src/tunnel/forwards/forwardBranch.js";
import { type Forward, type ForwardRequest, Forwards } from "../../../../src/tunnel/forwards/forwards.js";
import { NothingAnswersError } from "../../../../src/tunnel/forwards/reachErrors.js";
import { session as record } from "../../../support/records.js";
import { until } from "../../../support/until.js";
import { dial, freePort, readAll, tcpServer } from "../support/ports.js";
import { bySsh, connectionTo, gone, withPorts } from "./support/portsTarget.js";

const elsewhere = {
  kind: "environment",
  endpoints: ["https://elsewhere"],
  credentials: { type: "keypair", accessKey: "a", secretKey: "s" },
  domain: "default",
  group: "default",
  mounts: [],
  skipVerification: false,
} as const;

describe("Forwards", () => {
  const at = withPorts();
  let store: SessionStore;
  let forwards: Forwards;
  let failures: { readonly forward: Forward; readonly error: unknown }[];
  let changes: number;

  const begin = (connection: ConnectionStore): void => {
    store = new SessionStore();
    failures = [];
    changes = 0;
    forwards = new Forwards({ connection, store, tunnels: at.tunnels, logger: silentLogger });
    forwards.onDidFail((failure) => failures.push(failure));
    forwards.onDidChange(() => (changes += 1));
  };
  beforeEach(() => begin(at.connection));
  afterEach(() => forwards.dispose());

  const request = (port: number, more: Partial<ForwardRequest> = {}): ForwardRequest => ({
    client: at.client,
    session: at.session,
    target: bySsh(port),
    openedBy: "port",
    ...more,
  });

  const listed = (status: string, phase: SessionsSnapshot["phase"] = "ready"): void =>
    store.replace({ phase, sessions: [record({ id: at.session.id, status })] });

  /** Whether the port of this computer is closed: nothing can be dialed there. */
  const isClosed = async ({ localPort }: Forward): Promise<boolean> =>
    dial(localPort).then(
      (socket) => void socket.destroy() === null,
      () => true,
    );

  it("lead to a port of the session, on the same number when that is free", async () => {
    begin(await connectionTo(at.client, elsewhere));
    const port = await freePort();
    const forward = await forwards.open(request(port));
    const { client, session } = at;
    assert.deepEqual(forward, {
      id: forward.id,
      sessionId: session.id,
      sessionName: session.name,
      target: bySsh(port),
      localPort: port,
      connectionCount: 0,
      openedBy: "port",
      client,
    });
    assert.deepEqual(forwards.snapshot, [forward]);
    assert.deepEqual(forwards.find(session.id, port), forward);
    assert.equal(forwards.find(session.id, port + 1), undefined);
    assert.equal(forwards.find("another", port), undefined);
    assert.equal(changes, 1);
  });

  it("lead there from another number when the same is taken", async () => {
    begin(await connectionTo(at.client, elsewhere));
    const server = await tcpServer((socket) => socket.end("from inside"));
    const forward = await forwards.open(request(server.port));
    assert.notEqual(forward.localPort, server.port);
    const socket = await dial(forward.localPort);
    assert.equal(String(await readAll(socket)), "from inside");
    socket.destroy();
    await server.close();
  });

  it("leave a free port to the session where it has the ports of this computer, and never lead to themselves", async () => {
    const port = await freePort();
    const forward = await forwards.open(request(port));
    assert.notEqual(forward.localPort, port);
    const itself = forwards.open(request(port, { localPort: port }));
    await assert.rejects(itself, (error) => error instanceof ConfigurationError && error.setting === "port");
    const server = await tcpServer((socket) => socket.end("from inside"), { port });
    const socket = await dial(forward.localPort);
    assert.equal(String(await readAll(socket)), "from inside");
    socket.destroy();
    await server.close();
  });

  it("are one for each target, also while it is opened, whoever asks", async () => {
    const port = await freePort();
    const [one, two] = await Promise.all([
      forwards.open(request(port)),
      forwards.open(request(port, { openedBy: "offer" })),
    ]);
    const three = await forwards.open(request(port, { localPort: one.localPort }));
    assert.deepEqual([two.id, three.id], [one.id, one.id]);
    const other = await forwards.open(request(await freePort()));
    assert.notEqual(other.id, one.id);
    assert.equal(forwards.snapshot.length, 2);
    const named = await freePort();
    assert.equal((await forwards.open(request(port, { localPort: named }))).localPort, named);
    assert.equal(forwards.snapshot.length, 3, "another port of this computer was named for the first");
  });

  it("say which named port of this computer is in use, and leave nothing behind", async () => {
    const taken = await tcpServer(() => undefined);
    const refused = forwards.open(request(await freePort(), { localPort: taken.port }));
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.equal(error.setting, "port");
      assert.match(error.message, new RegExp(`^Port ${taken.port} of this computer is in use`));
      return true;
    });
    assert.deepEqual([forwards.snapshot, changes], [[], 0]);
    await taken.close();
  });

  it("count their connections, and close them with themselves", async () => {
    const server = await tcpServer((socket) => void socket.on("end", () => socket.end()).write("hello"));
    const { id, localPort } = await forwards.open(request(server.port));
    const sockets = await Promise.all([dial(localPort), dial(localPort), dial(localPort)]);
    await Promise.all(sockets.map((socket) => once(socket, "data")));
    const before = changes;
    await until("news of the connections", () => changes > before);
    assert.equal(forwards.snapshot[0]?.connectionCount, 3);
    const [first, ...others] = sockets;
    first?.destroy();
    await until("the end of one", () => forwards.snapshot[0]?.connectionCount === 2);
    const closed = others.map(gone);
    forwards.close(id);
    await Promise.all(closed);
    assert.deepEqual(forwards.snapshot, []);
    await until("the end inside", () =>
      server.sockets.every((socket) => socket.destroyed || socket.readableEnded),
    );
    await server.close();
    assert.deepEqual(failures, []);
  });

  it("tell of many connections in one piece of news, and of none after they were closed", async () => {
    const server = await tcpServer((socket) => void socket.end("hello"));
    const forward = await forwards.open(request(server.port));
    const opened = changes;
    for (let count = 0; count < 20; count += 1) {
      const socket = await dial(forward.localPort);
      await readAll(socket);
      socket.destroy();
    }
    await until("news", () => changes > opened);
    assert.ok(changes - opened < 20, `${changes - opened} times`);
    await dial(forward.localPort);
    forwards.dispose();
    const disposed = changes;
    await new Promise(setImmediate);
    assert.equal(changes, disposed);
    assert.ok(await isClosed(forward));
    await server.close();
  });

  it("are closed while they are opened", async () => {
    const opening = forwards.open(request(await freePort()));
    listed("TERMINATED");
    await assert.rejects(opening, isAbort);
    assert.deepEqual(forwards.snapshot, []);
  });

  for (const status of ["TERMINATING", "TERMINATED", "CANCELLED", "ERROR"]) {
    it(`close when their session is ${status}`, async () => {
      const forward = await forwards.open(request(await freePort()));
      listed(status);
      assert.deepEqual(forwards.snapshot, []);
      assert.ok(await isClosed(forward));
    });
  }

  it("close when their session is not listed any more", async () => {
    await forwards.open(request(await freePort()));
    store.replace({ phase: "ready", sessions: [] });
    assert.deepEqual(forwards.snapshot, []);
  });

  it("stay while their session runs or restarts, and when nobody knows", async () => {
    const { id } = await forwards.open(request(await freePort()));
    listed("RUNNING");
    listed("RUNNING_DEGRADED");
    listed("RESTARTING");
    listed("A_NEWER_STATUS");
    for (const phase of ["unknown", "loading", "stale"] as const) {
      store.replace({ phase, sessions: [] });
    }
    assert.deepEqual(
      forwards.snapshot.map((forward) => forward.id),
      [id],
    );
  });

  it("close when their server is left", async () => {
    const forward = await forwards.open(request(await freePort()));
    await at.connection.disconnect();
    assert.deepEqual(forwards.snapshot, []);
    assert.ok(await isClosed(forward));
  });

  it("close when another account has been reached, and not before", async () => {
    forwards.dispose();
    const other = await at.connect();
    let reach: (isReached: boolean) => void = () => undefined;
    const connection = new ConnectionStore(async ({ kind }) => {
      const isReached = kind === "local" || (await new Promise<boolean>((resolve) => (reach = resolve)));
      if (!isReached) {
        throw new Error("It is not there.");
      }
      const client = kind === "local" ? at.client : other;
      return { client, onDidClose: () => ({ dispose: () => undefined }), close: () => Promise.resolve() };
    }, silentLogger);
    await connection.connect({ kind: "local" });
    begin(connection);
    await forwards.open(request(await freePort()));
    for (const isReached of [false, true]) {
      const attempt = connection.connect(elsewhere).catch(() => undefined);
      await until("an attempt", () => connection.state.phase === "connecting");
      assert.equal(forwards.snapshot.length, 1, "who only tries is still here");
      await new Promise(setImmediate);
      reach(isReached);
      await attempt;
      assert.equal(forwards.snapshot.length, isReached ? 0 : 1);
    }
    await other.close();
  });

  it("tell once that nothing answers", async () => {
    const port = await freePort();
    const forward = await forwards.open(request(port));
    for (let count = 0; count < 3; count += 1) {
      await gone(await dial(forward.localPort));
    }
    await until("the failure", () => failures.length > 0);
    await until("the last connection to end", () => forwards.snapshot[0]?.connectionCount === 0);
    assert.equal(failures.length, 1);
    assert.ok(failures[0]?.error instanceof NothingAnswersError);
    assert.equal(failures[0].error.message, `Nothing answers at port ${port} of ports.`);
    assert.equal(failures[0].forward.id, forward.id);
    const late = await tcpServer((socket) => socket.end("late"), { port });
    assert.equal(
      String(await readAll(await dial(forward.localPort))),
      "late",
      "it works when a program comes",
    );
    await late.close();
  });

  it("carry bytes as they are, both ways", async () => {
    const bytes = randomBytes(3 * 1024 * 1024);
    const server = await tcpServer((socket) => void socket.pipe(socket));
    const { localPort } = await forwards.open(request(server.port));
    const socket = await dial(localPort);
    socket.end(bytes);
    assert.ok(bytes.equals(await readAll(socket)));
    await server.close();
  });

  it("are rows that say where they lead, how, and who uses them", async () => {
    const port = await freePort();
    const forward = await forwards.open(request(port));
    const row = forwardRow(forward);
    assert.deepEqual([row.label, row.description], [`localhost:${forward.localPort}`, `→ port ${port}`]);
    assert.equal(row.contextValue, "forward.http");
    assert.match(row.tooltip, /Goes by: ssh/);
    const used = forwardRow({
      ...forward,
      connectionCount: 2,
      target: { port: 5900, app: "vnc", isHttp: false },
    });
    assert.equal(used.description, "→ vnc · 2 connections");
    assert.equal(used.contextValue, "forward.tcp");
    assert.match(used.tooltip, /Goes by: the app vnc/);
  });

  it("need no connection to be disposed twice", async () => {
    const connection = await connectionTo(at.client);
    const own = new Forwards({ connection, store, tunnels: at.tunnels, logger: silentLogger });
    own.dispose();
    own.dispose();
    own.close("unknown");
  });
});
