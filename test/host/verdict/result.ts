import { readFile } from "node:fs/promises";
import type { FailedTest, SlowTest } from "../../../scripts/support/counts.js";

/** One failed test or hook. */
export interface Failure {
  readonly title: string;
  readonly message: string;
  readonly stack: string;
}

/** How the tests of one run came out. */
export interface HostResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly slowest?: readonly SlowTest[];
  /** What failed and was tried once more. */
  readonly doubted?: readonly FailedTest[];
}

/**
 * The tests' own account of a run, written by `run()` at its end. Nothing else is believed: VS Code exits with 0 when
 * the extension host dies in the middle of a test.
 */
export async function readResult(summaryFile: string): Promise<HostResult> {
  const text = await readFile(summaryFile, "utf8").catch(() => undefined);
  if (text === undefined) {
    return brokenRun("the extension host ended before the tests did");
  }
  const result = JSON.parse(text) as HostResult;
  return result.passed + result.failed === 0 ? brokenRun("no tests ran") : result;
}

const brokenTitle = "the test run";

/** The result of a run that came to no result. */
export function brokenRun(reason: string): HostResult {
  return {
    passed: 0,
    failed: 1,
    skipped: 0,
    failures: [{ title: brokenTitle, message: reason, stack: reason }],
  };
}

/** Whether a run came to no result. */
export function isBroken({ failures }: HostResult): boolean {
  return failures[0]?.title === brokenTitle;
}
