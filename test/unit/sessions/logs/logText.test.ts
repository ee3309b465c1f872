import assert from "node:assert/strict";
import { LogProgress, LogTail } from "../../../../src/sessions/logs/logReading.js";
import { LogText, shownLimit } from "../../../../src/sessions/logs/logText.js";

const reading = (text: string, skipped = 0): { text: string; skipped: number } => ({ text, skipped });
const shown = (text: LogText): string =>
  text
    .lines()
    .map((line) => line.text)
    .join("\n");

/** Lines that differ, of that many characters together. */
function numbered(from: number, count: number): string {
  return Array.from({ length: count }, (_, n) => `line ${String(from + n).padStart(9, "0")}\n`).join("");
}

describe("LogProgress", () => {
  it("finds what is new in a log that grows", () => {
    const progress = new LogProgress();
    assert.equal(progress.next(reading("one\n")), undefined);
    assert.equal(progress.next(reading("one\n")), "");
    assert.equal(progress.next(reading("one\ntwo\n")), "two\n");
  });

  it("finds it as well where the server drops the oldest, and where pieces were not kept", () => {
    const progress = new LogProgress();
    progress.next(reading(numbered(0, 1000)));
    assert.equal(progress.next(reading(numbered(300, 702))), numbered(1000, 2));
    const all = numbered(0, 3000);
    assert.equal(progress.next(reading(all.slice(5000), 5000)), numbered(1002, 1998));
  });

  it("says when it is another log", () => {
    const progress = new LogProgress();
    progress.next(reading(numbered(0, 1000)));
    assert.equal(progress.next(reading("Kernel started\n")), undefined);
    assert.equal(progress.next(reading("Kernel started\nup\n")), "up\n");
  });
});

describe("LogTail", () => {
  it("keeps the end of a text that goes by, and counts the rest", () => {
    const tail = new LogTail(100);
    for (let n = 0; n < 1000; n += 1) {
      tail.add(`${String(n)}\n`);
    }
    const { text, skipped } = tail.reading();
    assert.equal(text.length, 100);
    assert.ok(text.endsWith("998\n999\n"));
    assert.equal(
      text.length + skipped,
      Array.from({ length: 1000 }, (_, n) => `${String(n)}\n`).join("").length,
    );
  });
});

describe("LogText", () => {
  it("shows what came, and a note below it until there is more", () => {
    const text = new LogText();
    assert.equal(text.update(reading("")), false);
    text.setNote("Nothing was printed yet.");
    assert.equal(shown(text), "[Nothing was printed yet.]");
    assert.equal(text.update(reading("\x1b[1mup\x1b[0m\n")), true);
    text.setNote("");
    assert.equal(shown(text), "up\n");
    assert.equal(text.update(reading("\x1b[1mup\x1b[0m\n")), false);
    text.setNote("The session has ended.");
    assert.equal(shown(text), "up\n[The session has ended.]");
  });

  it("stays within its bound and says how much it left out", () => {
    const text = new LogText();
    let all = numbered(0, 200_000);
    text.update(reading(all));
    const first = shown(text);
    assert.ok(all.length > shownLimit && first.length < shownLimit + 100);
    assert.match(first, /^\[[\d.]+ (kB|MB) of older output left out: Save Log has all\]\nline \d{9}\n/);
    assert.ok(first.endsWith("line 000199999\n"));
    for (let round = 1; round <= 10; round += 1) {
      all += numbered(200_000 + round * 10_000, 10_000);
      text.update(reading(all));
      assert.ok(shown(text).length < shownLimit + 100);
    }
    assert.match(shown(text), /^\[\d\.\d MB of/);
  });
});
