import { readFile } from "node:fs/promises";

/** Counts of a part; a part that broke before it could count is one failure. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Both together. */
export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** What mocha wrote to `file`; a run that wrote nothing, or failed without a failed test, is a failure all the same. */
export async function mochaCounts(file: string, ok: boolean): Promise<Counts> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const counts = JSON.parse(text) as Counts;
  return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
