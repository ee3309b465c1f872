import assert from "node:assert/strict";
import fc from "fast-check";
import { ProtocolError } from "../../../../src/base/errors.js";
import { encodeMessage, MessageReader } from "../../../../src/run/debug/dap/framing.js";
import type { DapMessage } from "../../../../src/run/debug/dap/messages.js";

const event = (body: unknown): DapMessage => ({ seq: 1, type: "event", event: "output", body });

describe("messages of the debug adapter protocol", () => {
  it("come through whole, however their bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" })),
        fc.integer({ min: 1, max: 40 }),
        (texts, step) => {
          const sent = texts.map((text) => event({ text }));
          const bytes = Buffer.concat(sent.map(encodeMessage));
          const reader = new MessageReader();
          const got: DapMessage[] = [];
          for (let start = 0; start < bytes.length; start += step) {
            got.push(...reader.push(bytes.subarray(start, start + step)));
          }
          assert.deepEqual(got, sent);
        },
      ),
    );
  });

  it("are refused when they are none, before memory runs out", () => {
    for (const bytes of [
      "x".repeat(5000),
      "Content-Type: none\r\n\r\n{}",
      "Content-Length: 999999999\r\n\r\n",
      "Content-Length: 2\r\n\r\nno",
      "Content-Length: 2\r\n\r\n{}",
    ]) {
      assert.throws(() => new MessageReader().push(Buffer.from(bytes)), ProtocolError, bytes.slice(0, 40));
    }
  });
});
