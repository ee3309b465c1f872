import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import type { Problem } from "../../../../src/run/problems/problem.js";
import { type OutputStream, ProblemMatcher } from "../../../../src/run/problems/problemMatcher.js";
import { findProblems } from "./support/findProblems.js";

const all = { isOurs: (): boolean => true };

/** Output of many programs, one after the other. */
const folder = path.join(import.meta.dirname, "recorded");
const recorded = readdirSync(folder)
  .map((name) => readFileSync(path.join(folder, name), "utf8"))
  .join("\n");

/** Beginnings and ends of messages, to be put together in any way. */
const scraps = [
  ...recorded.split("\n").slice(0, 60),
  "Traceback (most recent call last):",
  '  File "a.py", line 3, in f',
  "    return 1 / x",
  "           ~~^~~",
  "ZeroDivisionError: division by zero",
  "During handling of the above exception, another exception occurred:",
  "error[E0308]: mismatched types",
  " --> a.rs:4:18",
  "4 |     let x: i32 = 1;",
  "  |            ---   ^ expected",
  "panic: boom",
  "\t/home/work/a.go:3 +0x1",
  "/home/work/a.js:3",
  "  ^",
  "Error in f(x) : ",
  'Exception in thread "main" x.Y: z',
  "\tat R.main(R.java:4)",
];

function feed(text: string, cuts: readonly number[], stream: OutputStream = "stdout"): readonly Problem[] {
  const matcher = new ProblemMatcher(all);
  const found: Problem[] = [];
  let at = 0;
  for (const cut of [...new Set([...cuts, text.length])].sort((a, b) => a - b)) {
    found.push(...matcher.feed(text.slice(at, cut), stream));
    at = cut;
  }
  return [...found, ...matcher.end()];
}

describe("the problem matcher", () => {
  it("finds the same wherever the pieces of output are cut, and whatever ends the lines", () => {
    const whole = feed(recorded, []);
    assert.ok(whole.length > 15);
    const cuts = fc.array(fc.nat(recorded.length), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (at) => {
        assert.deepEqual(feed(recorded, at), whole);
      }),
      { numRuns: 50 },
    );
    const returned = recorded.replaceAll("\n", "\r\n");
    assert.deepEqual(
      feed(
        returned,
        Array.from({ length: returned.length }, (_, i) => i),
      ),
      whole,
    );
    const coloured = recorded.replaceAll(/^(?=.)/gm, "\x1b[1;31m").replaceAll(/(?<=.)$/gm, "\x1b[0m");
    assert.deepEqual(feed(coloured, []), whole);
  });

  it("reads the two streams of a program apart", () => {
    const matcher = new ProblemMatcher(all);
    const trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 1\n';
    const found: Problem[] = [];
    for (const character of trace) {
      found.push(...matcher.feed(character, "stderr"), ...matcher.feed("tick\n", "stdout"));
    }
    assert.equal([...found, ...matcher.end()].length, 1);
  });

  it("never fails, and takes any lines in any order", () => {
    const line = fc.oneof(fc.constantFrom(...scraps), fc.string({ unit: "binary", maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.array(fc.nat(2000)), (lines, cuts) => {
        const text = lines.join("\n");
        assert.deepEqual(
          feed(
            text,
            cuts.filter((cut) => cut < text.length),
          ),
          feed(text, []),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("tells in a pause what is complete, and goes on with the rest", () => {
    const matcher = new ProblemMatcher(all);
    assert.deepEqual(matcher.feed("a.c:1:2: warning: unused [-Wunused]\n", "stdout"), []);
    assert.equal(matcher.settle().length, 1);
    matcher.feed('Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n', "stderr");
    assert.deepEqual(matcher.settle(), []);
    matcher.feed("KeyError: 1\n", "stderr");
    assert.equal(matcher.settle().length, 1);
  });

  it("tells each problem once, and no more than 500", () => {
    const line = (n: number): string => `a.c:${String(n)}:1: error: bad\n`;
    const matcher = new ProblemMatcher(all);
    const text = Array.from({ length: 2000 }, (_, i) => line(i % 700) + line(i % 700)).join("");
    assert.equal([...matcher.feed(text, "stdout"), ...matcher.end()].length, 500);
  });

  it("leaves files of others alone, and related places in them", () => {
    const output =
      "/usr/include/x.h:1:1: error: bad\na.c:3:1: error: worse\n/usr/include/x.h:2:1: note: here\n";
    const found = findProblems(output, { "a.c": "" });
    assert.deepEqual(
      found.map(({ remoteFile, related }) => [remoteFile, related]),
      [["a.c", undefined]],
    );
  });

  it("goes through 50 MB with no line end in little time and memory", () => {
    const matcher = new ProblemMatcher(all);
    const startedAt = performance.now();
    matcher.feed("x".repeat(50_000_000), "stdout");
    for (let i = 0; i < 500; i += 1) {
      matcher.feed("\x1b[0mab:".repeat(10_000), "stderr");
    }
    assert.deepEqual(matcher.end(), []);
    assert.ok(performance.now() - startedAt < 4000);
  });

  it("costs little on the garbage that is worst for each pattern", () => {
    const worst = [
      "a:",
      " at a line 1",
      "a.c:1:",
      "[",
      "^",
      " | ",
      "make: *** [",
      "\x1b[0",
      "\x1b]",
      "a.b.",
      "  at (",
      "#1",
      "~^",
      "Error in ",
    ];
    for (const unit of worst) {
      const line = `${unit.repeat(Math.ceil(4096 / unit.length))}\n`;
      const startedAt = performance.now();
      feed(line.repeat(100), []);
      const elapsedMs = performance.now() - startedAt;
      assert.ok(elapsedMs < 3000, `${JSON.stringify(unit)}: ${elapsedMs.toFixed(0)} ms for 400 kB`);
    }
  });
});
