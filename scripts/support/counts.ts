import { readFile } from "node:fs/promises";

/** A test and how long it took. */
export interface SlowTest {
  readonly title: string;
  readonly ms: number;
}

/** Counts of a part; a part that broke before it could count is one failure. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The slowest tests, the slowest first. */
  readonly slowest?: readonly SlowTest[];
}

/** How many of the slowest tests of a part are told. */
const slowestLimit = 30;

/** Counts of nothing. */
export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Both together. */
export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    slowest: slowest([...(a.slowest ?? []), ...(b.slowest ?? [])]),
  };
}

/** The slowest tests, the slowest first. */
export function slowest(tests: readonly SlowTest[]): SlowTest[] {
  return [...tests].sort((a, b) => b.ms - a.ms).slice(0, slowestLimit);
}

/** What was written to `file`; a run that wrote nothing, or failed without a failed test, is a failure all the same. */
export async function writtenCounts(file: string, ok: boolean): Promise<Counts> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    return { ...none, failed: 1 };
  }
  const counts = JSON.parse(text) as Counts;
  return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
