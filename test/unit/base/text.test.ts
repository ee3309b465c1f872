import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { formatBytes, formatDuration, plural, shellQuote, shorten } from "../../../src/base/text.js";

describe("text", () => {
  it("formats sizes, durations and counts for people", () => {
    assert.deepEqual([0, 999, 12_345, 5_000_000].map(formatBytes), ["0 B", "999 B", "12.3 kB", "5.0 MB"]);
    assert.deepEqual([400, 59_900, 125_000, 3_600_000 * 3 + 240_000].map(formatDuration), [
      "0.4 s",
      "59.9 s",
      "2 min 5 s",
      "3 h 4 min",
    ]);
    assert.equal(plural(1, "session"), "1 session");
    assert.equal(plural(2, "session"), "2 sessions");
    assert.equal(shorten("abcdef", 4), "abc…");
  });

  it("quotes any text as one word of a real shell", () => {
    const text = fc.string({ unit: "binary", minLength: 0 }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (words) => {
        const encoded = words.map((word) => Buffer.from(word, "utf8").toString("utf8"));
        const printed = execFileSync("/bin/sh", [
          "-c",
          `printf '%s\\0' ${encoded.map(shellQuote).join(" ")}`,
        ]);
        assert.deepEqual(printed.toString("utf8").split("\0").slice(0, -1), encoded);
      }),
      { numRuns: 30 },
    );
  });
});
