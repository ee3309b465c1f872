import assert from "node:assert/strict";
import fc from "fast-check";
import type { WebSocket } from "ws";
import { within } from "../../../src/base/abort.js";
import { BackendAIError } from "../../../src/base/errors.js";
import { TunnelDuplex } from "../../../src/tunnel/tunnelDuplex.js";
import { fuzzed } from "../../support/fuzz.js";
import { drain, withServer } from "../api/support/scriptedServer.js";

/** A message of a server, and whether it is text. */
type Message = readonly [data: string | Uint8Array, isText: boolean];

const odd = fc.oneof(
  fc.jsonValue().map((value) => JSON.stringify(value) ?? ""),
  fc.constantFrom(
    '{"type":"out"}',
    '{"type":"out","data":"%%%"}',
    '{"type":"out","data":"aGk="}',
    '{"type":"error","data":"x"}',
  ),
  fc.constantFrom(
    '{"type":"out","data":null}',
    '{"type":[]}',
    '{"type":"closed"}',
    '{"status":"error"}',
    "",
    "{",
    "\u0000",
  ),
  fc
    .record({ type: fc.constantFrom("out", "error", "x"), data: fc.oneof(fc.string(), fc.jsonValue()) })
    .map((value) => JSON.stringify(value)),
);
const message: fc.Arbitrary<Message> = fc.oneof(
  odd.map((data) => [data, true] as const),
  odd.map((data) => [data, false] as const),
  fc.uint8Array({ maxLength: 200 }).map((data) => [data, false] as const),
);

/** How a server leaves: by a code, by breaking the connection, or in the middle of a frame. */
const ending = fc.constantFrom(
  1000,
  1001,
  1002,
  1003,
  1007,
  1011,
  1013,
  3000,
  4999,
  "break" as const,
  "garbage" as const,
);

/** Longest until a stream is over whose server has left. */
const overMs = 5000;

describe("Messages of servers, of any kind and in any order", function () {
  this.timeout(60_000);
  const at = withServer();

  /** Sends them to whoever connects, and leaves. */
  const serve = (messages: readonly Message[], end: number | string): void => {
    at.server.socket = (socket) => {
      socket.on("error", () => undefined);
      for (const [data, isText] of messages) {
        socket.send(isText ? String(data) : Buffer.from(data), { binary: !isText });
      }
      leave(socket, end);
    };
  };

  const expectOwn = async (work: Promise<unknown>): Promise<void> => {
    try {
      await within(work, overMs, "total", "The stream");
    } catch (error) {
      assert.ok(error instanceof BackendAIError, error instanceof Error ? error.stack : String(error));
      assert.doesNotMatch(error.message, /took longer/);
    }
  };

  it("are bytes or errors of ours in a terminal, which ends", async () => {
    await fuzzed(
      fc.asyncProperty(fc.array(message, { maxLength: 6 }), ending, async (messages, end) => {
        serve(messages, end);
        await expectOwn(
          (async () => {
            const terminal = await at.client.terminals.open("s");
            try {
              for await (const bytes of terminal) {
                assert.ok(bytes instanceof Uint8Array);
              }
            } finally {
              await terminal.close();
            }
          })(),
        );
      }),
      { numRuns: 150 },
    );
  });

  it("are bytes or errors of ours in a tunnel, which ends", async () => {
    await fuzzed(
      fc.asyncProperty(fc.array(message, { maxLength: 6 }), ending, async (messages, end) => {
        serve(messages, end);
        await expectOwn(
          (async () => {
            const tunnel = new TunnelDuplex(await at.client.apps.openTunnel("s", "sshd"));
            try {
              for await (const bytes of tunnel) {
                assert.ok(bytes instanceof Uint8Array);
              }
            } finally {
              tunnel.destroy();
            }
          })(),
        );
      }),
      { numRuns: 150 },
    );
  });

  it("are events or errors of ours in a run, which ends", async () => {
    const step = fc
      .record({
        status: fc.oneof(
          fc.constantFrom(
            "continued",
            "finished",
            "waiting-input",
            "exec-timeout",
            "error",
            "server-restarting",
          ),
          fc.string(),
        ),
        console: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.tuple(fc.constantFrom("stdout", "stderr", "media", "html", "log", "x"), fc.jsonValue()),
          ),
        ),
        exitCode: fc.jsonValue(),
        options: fc.jsonValue(),
      })
      .map((value) => [JSON.stringify(value), true] as const);
    await fuzzed(
      fc.asyncProperty(fc.array(fc.oneof(message, step), { maxLength: 6 }), ending, async (messages, end) => {
        at.server.socket = (socket) => {
          socket.on("error", () => undefined);
          socket.once("message", () => {
            for (const [data, isText] of messages) {
              socket.send(isText ? String(data) : Buffer.from(data), { binary: !isText });
            }
            leave(socket, end);
          });
        };
        await expectOwn(
          drain(at.client.runs.start("s", { mode: "query", code: "1" }, { carrier: "stream" })),
        );
      }),
      { numRuns: 150 },
    );
  });
});

function leave(socket: WebSocket, end: number | string): void {
  if (typeof end === "number") {
    socket.close(end);
  } else if (end === "break") {
    socket.terminate();
  } else {
    // No frame begins so: reserved bits, a control frame of 64 KB.
    (socket as unknown as { readonly _socket: { end(bytes: Buffer): void } })._socket.end(
      Buffer.of(0xf9, 0x7f, 1, 2, 3),
    );
  }
}
