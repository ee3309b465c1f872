import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { extensionRoot } from "../../host/paths.js";
import type { Sample } from "../../soak/sample.js";
import { judge } from "../../soak/verdict.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";

/** Bytes of heap that a round may leave while caches still fill and code is still compiled: on a busy computer there are few rounds. */
const heapPerRound = 800_000;

/** The soak itself, and what comes before and after it on a busy computer. */
const minutes = 0.5;
const deadlineMs = 150_000;

describe("A soak, in short (npm run soak)", () => {
  const newFolder = temporaryFolders();

  it("leaves no handle, descriptor, listener or object behind, and next to no memory", async function () {
    this.timeout(deadlineMs + 5000);
    const folder = await newFolder();
    const file = path.join(folder, "soak.json");
    const program = ["--expose-gc", "--import", "tsx", path.join(extensionRoot, "test/soak/soak.ts")];
    const env = {
      ...process.env,
      SOAK_MINUTES: String(minutes),
      VSCODE_TEST_RESULTS: folder,
      NODE_V8_COVERAGE: "",
    };
    const running = promisify(execFile)(process.execPath, program, { env, timeout: deadlineMs });
    const said = await running.catch((error: unknown) => error); // half a minute is too short for its verdict on memory
    const written = await readFile(file, "utf8").catch(() => assert.fail(String(said)));
    const { samples } = JSON.parse(written) as { samples: Sample[] };
    assert.deepEqual(grows(samples), []);
    const [first, last] = [samples[Math.floor(samples.length / 3)], samples.at(-1)];
    assert.ok(first !== undefined && last !== undefined && last.rounds > first.rounds + 1, "too few rounds");
    const grown = (last.memory.heap - first.memory.heap) / (last.rounds - first.rounds);
    assert.ok(grown < heapPerRound, `${Math.round(grown)} bytes a round`);
  });
});

/** What each round leaves one of, or more: in the second half there is never as little as there was at most in the first. */
function grows(samples: readonly Sample[]): string[] {
  return (["counts", "objects"] as const).flatMap((kind) => {
    const names = new Set(samples.flatMap((sample) => Object.keys(sample[kind])));
    return [...names].filter((name) => {
      const values = samples.map((sample) => sample[kind][name]).filter((value) => value !== undefined);
      const half = values.length >> 1;
      return half > 0 && Math.min(...values.slice(half)) > Math.max(...values.slice(0, half));
    });
  });
}

describe("The verdict on a soak", () => {
  const sampled = (of: (index: number) => Partial<Sample["memory"]> & { handles?: number }): Sample[] =>
    Array.from({ length: 100 }, (_, index) => {
      const { handles = 10, ...memory } = of(index);
      return {
        seconds: index,
        rounds: index,
        memory: { heap: 100, rss: 100, engineHeap: 100, ...memory },
        counts: { handles },
        objects: index % 8 === 7 ? { Emitter: 3 } : {},
      };
    });
  const missed = (samples: Sample[]): string[] => {
    const { memory, counts } = judge(samples);
    return [...memory, ...counts].filter(({ isMet }) => !isMet).map(({ name }) => name);
  };

  it("finds what grows slowly, and a handle that is lost once", () => {
    assert.deepEqual(missed(sampled((index) => ({ heap: 100 + index / 10 }))), ["heap"]);
    assert.deepEqual(missed(sampled((index) => ({ handles: index > 60 ? 11 : 10 }))), ["handles"]);
  });

  it("minds neither the warm-up, nor what comes and goes, nor a moment's peak", () => {
    assert.deepEqual(missed(sampled((index) => ({ heap: index < 20 ? index : 100 }))), []);
    assert.deepEqual(missed(sampled((index) => ({ handles: 10 + (index % 3) }))), []);
    assert.deepEqual(missed(sampled((index) => ({ heap: index === 95 ? 900 : 100 }))), []);
  });
});
