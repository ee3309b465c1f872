import assert from "node:assert/strict";
import fc from "fast-check";
import { mask, unmask } from "../../../src/wire/websocketMask.js";

describe("the masking of websocket frames", () => {
  const bytes = fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array));
  const key = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((array) => Buffer.from(array));
  const shift = fc.nat({ max: 9 });

  it("is what RFC 6455 says, wherever the bytes are and go", () => {
    fc.assert(
      fc.property(bytes, key, shift, shift, (plain, mine, from, to) => {
        const source = Buffer.concat([Buffer.alloc(from, 1), plain]).subarray(from);
        const output = Buffer.alloc(to + plain.length + 3, 0xee);
        mask(source, mine, output, to, plain.length);
        const expected = plain.map((byte, at) => byte ^ (mine[at % 4] ?? 0));
        assert.deepEqual(output.subarray(to, to + plain.length), Buffer.from(expected));
        assert.ok(
          [...output.subarray(0, to), ...output.subarray(to + plain.length)].every((b) => b === 0xee),
        );
        assert.deepEqual(source, plain);
      }),
    );
  });

  it("comes off in place", () => {
    fc.assert(
      fc.property(bytes, key, shift, (plain, mine, from) => {
        const held = Buffer.alloc(from + plain.length);
        const part = held.subarray(from);
        mask(plain, mine, part, 0, plain.length);
        unmask(part, mine);
        assert.deepEqual(part, plain);
      }),
    );
  });

  it("masks the first of more bytes alone, as many as are asked for", () => {
    const output = Buffer.alloc(3);
    mask(Buffer.from("abcdef"), Buffer.from([1, 1, 1, 1]), output, 0, 3);
    assert.equal(String(output), "`cb");
  });
});
