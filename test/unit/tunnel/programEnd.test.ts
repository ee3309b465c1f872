import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import type { ServerChannel } from "ssh2";
import { bytesOf } from "../../../src/base/bytes.js";
import { endOf, type ProgramEnd } from "../../../src/tunnel/programEnd.js";
import type { SshConnection } from "../../../src/tunnel/sshConnection.js";
import { withServer } from "../api/support/scriptedServer.js";
import { connectSsh, serveSsh } from "./support/scriptedSshd.js";

/** How long the other end gathers what it sends, in milliseconds. */
const gatheringMs = 20;

describe("the end of a program that ends at once", () => {
  const context = withServer();

  /** An sshd whose answer to a start and all that follows at once come in one message, as they do on a busy computer. */
  async function open(program: (channel: ServerChannel) => void): Promise<SshConnection> {
    context.server.socket = (socket) => {
      const [near, far] = duplexPair();
      const pieces: Buffer[] = [];
      near
        .on("error", () => undefined)
        .on("data", (piece: Buffer) => {
          if (pieces.push(piece) === 1) {
            setTimeout(() => socket.send(Buffer.concat(pieces.splice(0))), gatheringMs);
          }
        });
      socket.on("message", (data) => near.write(bytesOf(data)));
      serveSsh(far, program);
    };
    return connectSsh(await context.client.apps.openTunnel("s", "sshd"));
  }

  const cases: readonly (readonly [string, (channel: ServerChannel) => void, ProgramEnd])[] = [
    ["its exit code", (channel) => channel.exit(7), { exitCode: 7, signal: undefined }],
    ["its signal", (channel) => channel.exit("SIGKILL"), { exitCode: undefined, signal: "KILL" }],
    ["neither, when it is cut off", () => undefined, { exitCode: undefined, signal: undefined }],
  ];
  for (const [what, exit, expected] of cases) {
    it(`is told with ${what}, and after its output`, async () => {
      const connection = await open((channel) => {
        channel.write("said");
        exit(channel);
        channel.end();
      });
      const channel = await connection.exec("program");
      await new Promise((resolve) => setTimeout(resolve, 2 * gatheringMs)); // whoever listens late
      const end = endOf(channel);
      let text = "";
      for await (const piece of channel) {
        text += String(piece);
      }
      assert.deepEqual(await end, expected);
      assert.equal(text, "said");
      connection.close();
    });
  }
});
