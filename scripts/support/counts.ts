import { readFile } from "node:fs/promises";
import path from "node:path";

/** A test and how long it took. */
export interface SlowTest {
  readonly title: string;
  readonly ms: number;
}

/** A test that failed, and how. */
export interface FailedTest {
  readonly title: string;
  readonly message: string;
}

/** Counts of a part; a part that broke before it could count is one failure. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The slowest tests, the slowest first. */
  readonly slowest?: readonly SlowTest[];
  /** Those that failed, as far as they are known by name. */
  readonly failures?: readonly FailedTest[];
  /** Those that failed and passed, or failed, when they were tried once more. */
  readonly doubted?: readonly FailedTest[];
}

/** How many of the slowest tests of a part are told. */
const slowestLimit = 30;

/** How many failures are told by name. */
const failuresLimit = 50;

/** Counts of nothing. */
export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Both together. */
export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    slowest: slowest([...(a.slowest ?? []), ...(b.slowest ?? [])]),
    failures: [...(a.failures ?? []), ...(b.failures ?? [])].slice(0, failuresLimit),
    doubted: [...(a.doubted ?? []), ...(b.doubted ?? [])].slice(0, failuresLimit),
  };
}

/** What broke as a whole: one failure. */
export function broken(title: string, message: string): Counts {
  return { ...none, failed: 1, failures: [{ title, message }] };
}

/** The slowest tests, the slowest first. */
export function slowest(tests: readonly SlowTest[]): SlowTest[] {
  return [...tests].sort((a, b) => b.ms - a.ms).slice(0, slowestLimit);
}

/** What was written to `file`; a run that wrote nothing, or failed without a failed test, is a failure all the same. */
export async function writtenCounts(file: string, ok: boolean): Promise<Counts> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    return broken(path.basename(file, ".json"), "It ended before it could count its tests.");
  }
  const counts = JSON.parse(text) as Counts;
  return !ok && counts.failed === 0
    ? addCounts(counts, broken(path.basename(file, ".json"), "All its tests passed, and yet it failed."))
    : counts;
}
