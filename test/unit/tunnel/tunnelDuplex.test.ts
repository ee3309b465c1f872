import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { WebSocket } from "ws";
import { NetworkError, StreamClosedError } from "../../../src/base/errors.js";
import { SilentAppError, TunnelDuplex, type TunnelDuplexOptions } from "../../../src/tunnel/tunnelDuplex.js";
import { until } from "../../support/until.js";
import { withServer } from "../api/support/scriptedServer.js";

const mebibyte = 1024 * 1024;
const sentMebibytes = 50;

describe("TunnelDuplex", () => {
  const context = withServer();

  /** A tunnel, and the server's end of it. */
  const open = async (options?: TunnelDuplexOptions): Promise<{ duplex: TunnelDuplex; far: WebSocket }> => {
    const connected = new Promise<WebSocket>((resolve) => (context.server.socket = resolve));
    const duplex = new TunnelDuplex(await context.client.apps.openTunnel("s", "app"), options);
    return { duplex, far: await connected };
  };

  /** Reads to the end, or to what broke it. */
  const read = async (duplex: TunnelDuplex): Promise<string> => {
    let text = "";
    for await (const piece of duplex) {
      text += String(piece);
    }
    return text;
  };

  const failure = async (duplex: TunnelDuplex): Promise<unknown> => {
    const result: unknown = await read(duplex).catch((error: unknown) => error);
    assert.ok(result instanceof Error, `it ended in order: ${String(result)}`);
    return result;
  };

  it("carries bytes both ways", async () => {
    const { duplex, far } = await open();
    far.on("message", (data: Buffer) => far.send(Buffer.concat([Buffer.from("got "), data])));
    duplex.write("hello");
    assert.equal(String((await once(duplex, "data"))[0]), "got hello");
    assert.equal(duplex.hasReceived, true);
    duplex.destroy();
    await once(far, "close");
  });

  it("makes the server wait for a slow reader, within bounded memory, and loses nothing", async () => {
    const { duplex, far } = await open();
    const piece = randomBytes(mebibyte);
    const sent = createHash("sha256");
    for (let count = 0; count < sentMebibytes; count += 1) {
      sent.update(piece);
      far.send(piece);
    }
    duplex.read(0); // begins to read, and takes nothing
    let before = -1;
    await until("the server to stand still", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const stood = far.bufferedAmount === before;
      before = far.bufferedAmount;
      return stood;
    });
    assert.ok(far.bufferedAmount > 30 * mebibyte, `only ${far.bufferedAmount} bytes wait at the server`);
    assert.ok(duplex.readableLength < 2 * mebibyte);
    far.send("", () => far.close(1000));
    const received = createHash("sha256");
    let length = 0;
    for await (const bytes of duplex) {
      received.update(bytes as Buffer);
      length += (bytes as Buffer).length;
    }
    assert.equal(length, sentMebibytes * mebibyte);
    assert.equal(received.digest("hex"), sent.digest("hex"));
  });

  it("makes the writer wait for a slow server, within bounded memory, and loses nothing", async () => {
    const { duplex, far } = await open();
    far.pause();
    const piece = randomBytes(mebibyte);
    let taken = 0;
    const writing = (async () => {
      for (let count = 0; count < sentMebibytes; count += 1) {
        taken += 1;
        if (!duplex.write(piece)) {
          await once(duplex, "drain");
        }
      }
    })();
    let before = -1;
    await until("the writer to stand still", async () => {
      for (let turn = 0; turn < 50; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const stood = taken === before;
      before = taken;
      return stood;
    });
    assert.ok(taken < 20, `${taken} MiB were taken`);
    let length = 0;
    far.on("message", (data: Buffer) => (length += data.length));
    far.resume();
    await writing;
    await until("everything", () => length === sentMebibytes * mebibyte);
    duplex.destroy();
  });

  it("tells that the server has read everything written so far", async () => {
    const { duplex, far } = await open();
    let length = 0;
    far.on("message", (data: Buffer) => (length += data.length));
    duplex.write(randomBytes(3 * mebibyte));
    await duplex.delivered(5000);
    assert.equal(length, 3 * mebibyte);
    duplex.destroy();
  });

  it("makes one message of what is written in one go", async () => {
    const { duplex, far } = await open();
    const messages: string[] = [];
    far.on("message", (data: Buffer) => messages.push(String(data)));
    for (const piece of ["length ", "payload ", "tag"]) {
      duplex.write(piece);
    }
    await duplex.delivered(5000);
    duplex.write("next");
    await duplex.delivered(5000);
    assert.deepEqual(messages, ["length payload tag", "next"]);
    duplex.destroy();
  });

  it("can still be answered after it has sent everything", async () => {
    const { duplex, far } = await open();
    far.on("message", () => {
      far.send(Buffer.from("answer"));
      far.close(1001);
    });
    duplex.end("question");
    assert.equal(await read(duplex), "answer");
  });

  it("closes the tunnel when it is destroyed", async () => {
    const { duplex, far } = await open();
    duplex.destroy();
    assert.equal((await once(far, "close"))[0], 1000);
  });

  it("ends when the app hangs up after it has said something", async () => {
    for (const code of [1000, 1001]) {
      const { duplex, far } = await open();
      far.send(Buffer.from("all of it"));
      far.close(code);
      assert.equal(await read(duplex), "all of it");
    }
  });

  it("tells that nothing answers when the app hangs up or refuses before its first byte", async () => {
    for (const code of [1001, 1013]) {
      const { duplex, far } = await open();
      far.close(code);
      const error = await failure(duplex);
      assert.ok(error instanceof SilentAppError);
      assert.equal(error.closeCode, code);
      assert.equal(duplex.hasReceived, false);
    }
  });

  it("breaks when the server fails or the connection is lost, before and after the first byte", async () => {
    const ways: readonly [code: number, end: (far: WebSocket) => void][] = [
      [1006, (far) => far.terminate()],
      [1011, (far) => far.close(1011)],
      [1013, (far) => far.close(1013)],
    ];
    for (const [code, end] of ways) {
      for (const words of ["", "some"]) {
        const { duplex, far } = await open();
        if (words !== "") {
          far.send(Buffer.from(words));
          await once(duplex, "readable");
        }
        end(far);
        const error = await failure(duplex);
        assert.ok(error instanceof StreamClosedError || error instanceof NetworkError, String(error));
        assert.equal(error instanceof StreamClosedError ? error.closeCode : 1006, code);
      }
    }
  });

  it("takes a loss as the end where releases drop the connection for it, but not before the first byte", async () => {
    const said = await open({ takesLossAsEnd: true });
    said.far.send(Buffer.from("all of it"), () => said.far.terminate());
    assert.equal(await read(said.duplex), "all of it");
    const silent = await open({ takesLossAsEnd: true });
    silent.far.terminate();
    assert.ok((await failure(silent.duplex)) instanceof StreamClosedError);
  });
});
