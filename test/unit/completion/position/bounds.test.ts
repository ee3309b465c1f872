import assert from "node:assert/strict";
import { callAt } from "../../../../src/completion/position/call.js";
import { linesOf, type LineSource } from "../../../../src/completion/position/lineSource.js";
import { placeAt } from "../../../../src/completion/position/placeAt.js";

const block = [
  "def transform(frame, *, size=10, name='a'):",
  '    """What it does, in "words"; it\'s text."""',
  "    # a comment with (brackets",
  "    rows = [row for row in frame.rows if row['key'] > size]",
  "    text = f'{name}: {len(rows):>10} of {frame.size}'",
  "    return dict(rows=rows, text=text, total=sum(rows))",
  "",
];

function documentOf(rows: number): string[] {
  return Array.from({ length: rows }, (_, index) => block[index % block.length] ?? "");
}

/** Lines that count how often they are read. */
function counted(lines: readonly string[]): LineSource & { readonly reads: number } {
  let reads = 0;
  return {
    line(row) {
      reads += 1;
      return lines[row] ?? "";
    },
    get reads() {
      return reads;
    },
  };
}

/** The median time of a place at the end of the document, in milliseconds, the documents taken in turns. */
function medians(documents: readonly LineSource[], rows: readonly number[]): number[] {
  const times = documents.map((): number[] => []);
  for (let round = 0; round < 60; round += 1) {
    documents.forEach((lines, index) => {
      const start = performance.now();
      assert.equal(placeAt("python", lines, rows[index] ?? 0, 6).kind, "name");
      times[index]?.push(performance.now() - start);
    });
  }
  return times.map((list) => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0);
}

describe("what a place costs", () => {
  it("does not grow with the document", () => {
    const documents = [3000, 100_000].map((rows) => [...documentOf(rows), "frame."]);
    const [small = 0, large = 0] = medians(
      documents.map((lines) => ({ line: (row: number) => lines[row] ?? "" })),
      [3000, 100_000],
    );
    assert.ok(large < 2 * small, `${large.toFixed(3)} ms against ${small.toFixed(3)} ms`);
  });

  it("reads no more than the lines within reach", () => {
    const lines = counted([...documentOf(100_000), "frame."]);
    placeAt("python", lines, 100_000, 6);
    assert.ok(lines.reads <= 3 * 2000 + 20, `${String(lines.reads)} reads`);
  });

  it("is bounded in a single endless line, and in one of brackets", () => {
    for (const line of [
      "x".repeat(2_000_000),
      "a.".repeat(1_000_000),
      "(".repeat(1_000_000),
      `${"(".repeat(40_000)}${"]".repeat(40_000)}`,
      "a[".repeat(500_000),
      "'".repeat(1_000_000),
      "#".repeat(1_000_000),
      "=/[".repeat(400_000),
      "a['\\".repeat(300_000),
      `for ${"a, ".repeat(500_000)}`,
      `lambda ${"a=1, ".repeat(400_000)}`,
      `x = ${"f(b)".repeat(400_000)}`,
      `"${"a/".repeat(1_000_000)}`,
    ]) {
      const start = process.cpuUsage();
      for (const languageId of ["python", "r", "julia", "javascript", "cpp", "rust", "lua", "perl"]) {
        placeAt(languageId, { line: () => line }, 0, line.length);
        callAt(languageId, { line: () => line }, 0, line.length);
      }
      const ms = process.cpuUsage(start).user / 1000;
      assert.ok(ms < 2000, `${line.slice(0, 10)}: ${ms.toFixed(0)} ms`);
    }
  });

  it("begins at a line that stands outside of strings where the document's first line is out of reach", () => {
    const text = ['"""', ...Array.from({ length: 1990 }, () => "words"), '"""', "import os"];
    const after = Array.from({ length: 100 }, (_, index) => `x${String(index)} = 'a'`);
    const lines = [...text, ...after, "os.pa"];
    assert.equal(placeAt("python", linesOf(lines.join("\n")), lines.length - 1, 5).kind, "name");
  });
});
