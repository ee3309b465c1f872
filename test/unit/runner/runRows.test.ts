import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type Counts, writtenCounts } from "../../../scripts/support/counts.js";
import type { Part, PartName } from "../../../scripts/support/parts.js";
import { runRows } from "../../../scripts/support/runRows.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";

const passing = `it("passes", () => {}); it("is left out"); it("passes as well", () => {});`;
const waiting = `it("waits", async function () { this.timeout(0); await new Promise((done) => setTimeout(done, 1e8)); });`;
const before = `it("passes", () => {}); it("fails", () => { throw new Error("on purpose"); });`;
const spinning = `it("spins", () => { for (;;); });`;

/** Enough for a process of tests on a busy computer. */
const plentyMs = 60_000;

describe("rows of tests", function () {
  this.timeout(2 * plentyMs);
  const newFolder = temporaryFolders();

  /** A part of one file of tests. */
  function part(tests: string, deadlineMs: number, more: readonly string[] = []): Part {
    return {
      deadlineMs,
      run: async (tool): Promise<Counts> => {
        const folder = await newFolder();
        const file = path.join(folder, "file.test.mjs");
        const result = path.join(folder, "not/there/counts.json");
        await writeFile(file, `describe("file", () => { ${tests} });`);
        const { ok } = await tool(["tsx", "test/support/runMocha.ts", file, ...more], {
          env: { TEST_RESULT: result },
        });
        return writtenCounts(result, ok);
      },
    };
  }

  async function run(
    rows: readonly (readonly PartName[])[],
    parts: Readonly<Partial<Record<PartName, Part>>>,
    signal = new AbortController().signal,
  ): Promise<{
    counts: readonly number[];
    failures: readonly string[];
    doubted: readonly string[];
    printed: string;
  }> {
    let printed = "";
    const print = (text: string): void => void (printed += text);
    const total = await runRows({ rows, parts, lanes: rows.length, signal, print });
    const told = (tests: Counts["failures"]): string[] =>
      (tests ?? []).map(({ title, message }) => `${title}: ${message}`);
    const [failures, doubted] = [told(total.failures), told(total.doubted)];
    return { counts: [total.passed, total.failed, total.skipped], failures, doubted, printed };
  }

  it("gives up what hangs, names it, and goes on with the rest", async () => {
    const { counts, failures, printed } = await run([["unit", "reference"], ["conformance"]], {
      unit: part(`${before} ${waiting}`, 12_000),
      reference: part(passing, plentyMs),
      conformance: part(spinning, 5_000),
    });
    assert.deepEqual(counts, [3, 3, 1]);
    assert.deepEqual(
      new Set(failures),
      new Set([
        "file fails: on purpose",
        "file waits: It was given up in the middle.",
        "counts: It ended before it could count its tests.",
      ]),
    );
    assert.match(
      printed,
      /── unit ──[^]*Error: on purpose[^]*Given up in the middle of: file waits[^]*unit: 1 passed, 2 failed/,
    );
    assert.match(printed, /Given up: tsx test\/support\/runMocha.ts \S+ took longer than \S+ s/);
    assert.match(printed, /reference: 2 passed, 0 failed, 1 skipped/);
  });

  it("ends at the deadline for all of them, and counts what is left as failed", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("all of it took too long")), 4_000);
    const rows = [["unit", "reference"]] as const;
    const parts = { unit: part(waiting, plentyMs), reference: part(passing, plentyMs) };
    const { counts, printed } = await run(rows, parts, stop.signal);
    assert.deepEqual(counts, [0, 2, 0]);
    assert.match(printed, /Given up: all of it took too long/);
  });

  it("tries once more what failed where that is wanted, and tells of it", async () => {
    const tests = `let count = 0; it("is late once", () => { count += 1; if (count === 1) throw new Error("too late"); });`;
    const { counts, failures, doubted } = await run([["unit"]], {
      unit: part(`${tests} ${before}`, plentyMs, ["--retries", "1"]),
    });
    assert.deepEqual(counts, [2, 1, 0]);
    assert.deepEqual(failures, ["file fails: on purpose"]);
    assert.deepEqual(doubted, ["file is late once: too late", "file fails: on purpose"]);
  });

  it("prints each part in one piece", async () => {
    const { printed } = await run([["unit"], ["reference"]], {
      unit: part(passing, plentyMs),
      reference: part(passing, plentyMs),
    });
    const lines = printed.split("\n").filter((line) => /──|: 2 passed/.test(line));
    const names = lines.map((line) => /unit|reference/.exec(line)?.[0]);
    assert.equal(names[0], names[1]);
    assert.equal(names[2], names[3]);
  });

  it("counts a file that can't be loaded as a failure", async () => {
    const { counts, printed } = await run([["unit"]], { unit: part("it('has no end", plentyMs) });
    assert.deepEqual(counts, [0, 1, 0]);
    assert.match(printed, /SyntaxError/);
  });
});
