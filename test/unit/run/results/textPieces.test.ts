import assert from "node:assert/strict";
import type { TextItem } from "../../../../src/run/results/resultItem.js";
import { appendText, foldLines, styleAfter } from "../../../../src/run/results/textPieces.js";

/** What the items are after these outputs, one after another. */
function pieces(...outputs: readonly string[]): TextItem[] {
  const items: TextItem[] = [];
  let id = 0;
  for (const text of outputs) {
    for (const item of appendText(items.at(-1), { stream: "stdout", text }, () => ++id)) {
      const at = items.findIndex((known) => known.id === item.id);
      items.splice(at < 0 ? items.length : at, 1, item);
    }
  }
  return items;
}

describe("text of results", () => {
  it("shows of a line what stands behind its last carriage return", () => {
    assert.equal(foldLines("10%\r50%\r100%\ndone\r\nnext"), "100%\ndone\nnext");
    assert.equal(foldLines("no returns\n"), "no returns\n");
  });

  it("keeps a progress bar one line, however it comes", () => {
    const bar = Array.from({ length: 5000 }, (_, i) => `\r${String(i)} of 5000`);
    const [item, ...others] = pieces(...bar, "\n", "done\r", "\n");
    assert.equal(item?.text, "4999 of 5000\ndone\n");
    assert.deepEqual(others, []);
  });

  it("closes pieces at line ends, and loses nothing", () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${String(i)} ${"x".repeat(i % 50)}\n`);
    const items = pieces(...lines);
    assert.ok(items.length > 3);
    assert.equal(items.map(({ text }) => text).join(""), lines.join(""));
    assert.ok(items.every(({ text }) => text.endsWith("\n") && text.length < 17_000));
    assert.deepEqual(
      pieces(lines.join(""))
        .map(({ text }) => text)
        .join(""),
      lines.join(""),
    );
  });

  it("cuts a line without end", () => {
    const items = pieces("x".repeat(100_000));
    assert.equal(items.map(({ text }) => text).join("").length, 100_000);
    assert.ok(items.every(({ text }) => text.length <= 32_000));
  });

  it("goes on in the colours of the piece before", () => {
    const items = pieces(`\x1b[1m\x1b[31m${"red\n".repeat(5000)}`, "still red\n");
    assert.deepEqual([...new Set(items.slice(1).map(({ style }) => style))], ["\x1b[1m\x1b[31m"]);
    assert.equal(styleAfter("\x1b[31mred\x1b[0m plain \x1b[32m"), "\x1b[32m");
    assert.equal(styleAfter("\x1b[31mred\x1b[m"), "");
  });
});
