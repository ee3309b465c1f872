import assert from "node:assert/strict";
import * as fc from "fast-check";
import { TextStream } from "../../../src/base/textStream.js";
import { costRatio } from "../../support/costRatio.js";

/** What programs print: plain text, other languages, marks, and bytes that are no text, cut anywhere. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom("", "a", "plain\r\n", "한글", "é", "😀", "\ufeff").map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }),
    ),
  )
  .chain((parts) => {
    const bytes = Buffer.concat(parts);
    return fc
      .array(fc.nat(bytes.length))
      .map((cuts) =>
        [0, ...cuts.sort((a, b) => a - b)].map((from, index) => bytes.subarray(from, cuts[index])),
      );
  });

describe("TextStream", () => {
  it("gives what a streaming TextDecoder gives, piece by piece", () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const [ours, theirs] = [new TextStream(), new TextDecoder()];
        for (const piece of all) {
          assert.equal(ours.take(piece), theirs.decode(piece, { stream: true }));
        }
        assert.equal(ours.end(), theirs.decode());
      }),
      { numRuns: 2000 },
    );
  });

  it("costs plain text less than half of what the decoder does", () => {
    const bytes = Buffer.from(`${"x".repeat(99)}\n`.repeat(330));
    const [ours, theirs] = [new TextStream(), new TextDecoder()];
    const least = costRatio(
      () => ours.take(bytes),
      () => theirs.decode(bytes, { stream: true }),
    );
    assert.ok(least < 0.5, `${least.toFixed(2)} of the decoder`);
  });
});
