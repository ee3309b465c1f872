import assert from "node:assert/strict";
import * as fc from "fast-check";
import { StatusHead } from "../../../../src/run/jobs/statusHead.js";

const taken = (head: StatusHead, pieces: readonly Uint8Array[]): string =>
  Buffer.concat(pieces.map((piece) => head.take(piece))).toString();

describe("the line in front of a job's last output", () => {
  it("is taken off, wherever pieces of it end", () => {
    const bytes = Buffer.from("pipes over 3 120 0\nlast\n\nwords");
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const head = new StatusHead();
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        assert.equal(taken(head, pieces), "last\n\nwords");
        assert.equal(head.status?.exitCode, 3);
        assert.equal(head.status.sizes.out, 120);
      }),
    );
  });

  it("is missed, and all behind it left out, where something else comes", () => {
    for (const strange of ["", "no line", "sh: not found\nlast words", "x".repeat(1000), "pipes over"]) {
      const head = new StatusHead();
      assert.equal(taken(head, [Buffer.from(strange), Buffer.from("more")]), "");
      assert.equal(head.status, undefined);
    }
  });
});
