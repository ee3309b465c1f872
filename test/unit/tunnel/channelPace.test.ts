import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ServerChannel } from "ssh2";
import { createWebSocketStream } from "ws";
import type { SshConnection } from "../../../src/tunnel/sshConnection.js";
import { withServer } from "../api/support/scriptedServer.js";
import { connectSsh, serveSsh } from "./support/scriptedSshd.js";

const bytes = 20_000_000;

describe("a channel whose sender ignores its window", () => {
  const context = withServer();

  /** A connection to an sshd that sends 20 MB at once, whatever it was granted, as those of real containers do. */
  async function open(onExec: (channel: ServerChannel, command: string) => void): Promise<SshConnection> {
    context.server.socket = (socket) => {
      serveSsh(createWebSocketStream(socket), (channel, command) => {
        Reflect.set(Reflect.get(channel, "outgoing") as object, "window", Infinity);
        onExec(channel, command);
      });
    };
    return connectSsh(await context.client.apps.openTunnel("s", "sshd"));
  }

  it("is whole when its reader is slow, and takes no more memory than it must", async () => {
    const content = Buffer.alloc(bytes, "0123456789abcdef!");
    const connection = await open((channel) => {
      channel.end(content, () => undefined);
    });
    const channel = await connection.exec("send");
    await new Promise((resolve) => setTimeout(resolve, 500)); // the sender is far ahead by now
    assert.ok(channel.readableLength < 8_000_000, `${channel.readableLength} bytes wait`);
    const received = createHash("sha256");
    let length = 0;
    for await (const piece of channel) {
      received.update(piece as Buffer);
      length += (piece as Buffer).length;
    }
    assert.equal(length, bytes);
    assert.equal(received.digest("hex"), createHash("sha256").update(content).digest("hex"));
    connection.close();
  });

  it("lets the others go on when it is closed by its reader", async () => {
    const connection = await open((channel, command) => {
      if (command === "flood") {
        channel.write(Buffer.alloc(bytes));
      } else {
        channel.end("answer");
      }
    });
    const flood = await connection.exec("flood");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const answer = connection.exec("ask");
    flood.destroy();
    let text = "";
    for await (const piece of await answer) {
      text += String(piece);
    }
    assert.equal(text, "answer");
    connection.close();
  });
});
