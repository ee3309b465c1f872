import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { NotFoundError } from "../../../src/api/errors.js";
import { NetworkError, TimeoutError } from "../../../src/base/errors.js";
import { silentLogger } from "../../../src/base/logger.js";
import { makePrivateKey } from "../../../src/engine/apps/ssh/sessionKeys.js";
import { HostKeyChangedError, HostKeys } from "../../../src/tunnel/hostKeys.js";
import { NoSessionKeyError } from "../../../src/tunnel/sessionKey.js";
import type { SessionSsh } from "../../../src/tunnel/sessionSsh.js";
import { endOf } from "../../../src/tunnel/programEnd.js";
import { SshConnection, SshUnavailableError } from "../../../src/tunnel/sshConnection.js";
import { TunnelDuplex } from "../../../src/tunnel/tunnelDuplex.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { withServer } from "../api/support/scriptedServer.js";
import { freshSsh } from "./support/freshSsh.js";
import { memoryStore } from "./support/memoryStore.js";

describe("SessionSsh", () => {
  let local: LocalServer;
  let sessionId: string;
  let ssh: SessionSsh;

  const sshOf = (id: string, hostKeys?: HostKeys): SessionSsh => freshSsh(local.client, id, hostKeys);

  before(async () => {
    local = await startLocalServer();
    const [image] = await local.client.images.list();
    sessionId = (await local.client.sessions.create({ image: image?.reference ?? "" })).id;
  });

  beforeEach(() => {
    ssh = sshOf(sessionId);
  });

  afterEach(() => ssh.dispose());

  after(async () => local.stop());

  it("opens one connection for all who ask, at once or later", async () => {
    const leases = await Promise.all([ssh.acquire(), ssh.acquire(), ssh.acquire()]);
    leases.push(await ssh.acquire());
    assert.equal(new Set(leases.map(({ connection }) => connection)).size, 1);
  });

  it("keeps it while somebody has a share, whatever another does twice", async () => {
    const [one, other] = [await ssh.acquire(), await ssh.acquire()];
    one.dispose();
    one.dispose();
    assert.ok(other.connection.isOpen);
    assert.equal(await outputOf(other.connection, "echo still here"), "still here\n");
  });

  it("opens it again on demand after it broke", async () => {
    const first = await ssh.acquire();
    first.connection.close();
    const second = await ssh.acquire();
    assert.notEqual(second.connection, first.connection);
    assert.equal(await outputOf(second.connection, "echo back"), "back\n");
    await assert.rejects(first.connection.exec("true"), { code: "NETWORK" });
  });

  it("gives up opening when nobody waits for it any more, and not before", async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const [left, stayed] = [ssh.acquire(one.signal), ssh.acquire(other.signal)];
    one.abort();
    await assert.rejects(left, { name: "AbortError" });
    assert.ok((await stayed).connection.isOpen);
  });

  it("runs programs with their output, errors and exit code apart", async () => {
    const { connection } = await ssh.acquire();
    const channel = await connection.exec("echo out; echo err >&2; exit 7");
    const end = endOf(channel);
    const [out, err] = await Promise.all([text(channel), text(channel.stderr)]);
    assert.deepEqual([out, err, (await end).exitCode], ["out\n", "err\n", 7]);
    const killed = await connection.exec("kill -TERM $$");
    killed.resume();
    assert.deepEqual(await endOf(killed), { exitCode: undefined, signal: "TERM" });
  });

  it("ends with its owner, under whoever uses it", async () => {
    const { connection } = await ssh.acquire();
    const channel = await connection.exec("cat");
    const end = endOf(channel);
    channel.resume();
    ssh.dispose();
    assert.equal((await end).exitCode, undefined);
    assert.equal(connection.isOpen, false);
  });

  it("refuses another host key than the one pinned, and sends nothing", async () => {
    const hostKeys = new HostKeys(memoryStore(), silentLogger);
    hostKeys.check(sessionId, Buffer.from("another key"));
    const wary = sshOf(sessionId, hostKeys);
    await assert.rejects(wary.acquire(), HostKeyChangedError);
    hostKeys.forget(sessionId);
    (await wary.acquire()).dispose();
    wary.dispose();
  });

  it("says that a session is not there", async () => {
    await assert.rejects(
      sshOf("no-such-session").acquire(),
      (error) => error instanceof NotFoundError || error instanceof NoSessionKeyError,
    );
  });

  it("has for other programs what it has itself: the key and the proved host key", async () => {
    const { key, hostKey } = await ssh.identity();
    assert.match(String(key), /PRIVATE KEY/);
    assert.deepEqual(hostKey, (await ssh.acquire()).connection.hostKey);
  });

  async function outputOf(connection: SshConnection, command: string): Promise<string> {
    const channel = await connection.exec(command);
    channel.end();
    return text(channel);
  }
});

describe("SshConnection", () => {
  const context = withServer();
  const login = { key: Buffer.from(""), checkHostKey: () => undefined };

  const open = async (key: Buffer, signal?: AbortSignal): Promise<SshConnection> => {
    const tunnel = new TunnelDuplex(await context.client.apps.openTunnel("s", "sshd"));
    return SshConnection.open(tunnel, { ...login, key, signal });
  };

  it("says that an image has no sshd when nothing answers", async () => {
    for (const code of [1001, 1013]) {
      context.server.socket = (socket) => socket.close(code);
      await assert.rejects(open(Buffer.from(makePrivateKey())), (error) => {
        assert.ok(error instanceof SshUnavailableError);
        assert.match(error.message, /may have none/);
        return true;
      });
    }
  });

  it("says that what answers is no sshd", async () => {
    context.server.socket = (socket) =>
      socket.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n".repeat(2000)));
    await assert.rejects(open(Buffer.from(makePrivateKey())), (error) => {
      assert.ok(error instanceof SshUnavailableError || error instanceof NetworkError, String(error));
      return true;
    });
  });

  it("says that a key is none", async () => {
    context.server.socket = () => undefined;
    await assert.rejects(open(Buffer.from("not a key")), /key could not be read/);
  });

  it("ends at its deadline when the other end takes the connection and says nothing", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    context.server.socket = (socket) => {
      closed = once(socket, "close");
    };
    await assert.rejects(open(Buffer.from(makePrivateKey())), (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.equal(error.phase, "handshake");
      return true;
    });
    await closed;
  });

  it("is given up by a signal, and leaves no connection behind", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const controller = new AbortController();
    context.server.socket = (socket) => {
      closed = once(socket, "close");
      controller.abort();
    };
    await assert.rejects(open(Buffer.from(makePrivateKey()), controller.signal), { name: "AbortError" });
    await closed;
  });
});
