/**
 * `npm test`: every test there is, and at the end the plain line `N passed, N failed`.
 *
 *     npm test -- unit conformance      only these parts
 */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { runInHost, runJourneys } from "../test/host/index.js";
import { resultsRoot } from "../test/host/paths.js";
import { testClusters } from "./support/clusterTests.js";
import { addCounts, type Counts, mochaCounts } from "./support/counts.js";
import { runTool } from "./support/tasks.js";

/** Lines of these rooms that must be covered, in percent. */
const coverageFloor = 85;

const parts: Readonly<Record<string, () => Promise<Counts>>> = {
  unit: () => mochaUnderCoverage("unit"),
  conformance: () => mochaUnderCoverage("conformance"),
  reference: () => mocha("reference"),
  coverage: reportCoverage,
  clusters: testClusters,
  integration: () => runInHost({}),
  journeys: () => runJourneys(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}.`);
  process.exit(2);
}

await rm(resultsRoot, { recursive: true, force: true });
await mkdir(resultsRoot, { recursive: true });
const built = await runTool(["node", "esbuild.mjs", "--tests"]);
let total: Counts = { passed: 0, failed: built.ok ? 0 : 1, skipped: 0 };
for (const [name, run] of Object.entries(parts)) {
  if (built.ok && (wanted.length === 0 || wanted.includes(name))) {
    const startedAt = performance.now();
    console.log(`\n── ${name} ──`);
    const counts = await run().catch((error: unknown): Counts => {
      console.error(error);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    total = addCounts(total, counts);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(
      `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`,
    );
  }
}
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs `test/<part>` and keeps what it covered for the report. */
async function mochaUnderCoverage(part: string): Promise<Counts> {
  return mocha(part, { NODE_V8_COVERAGE: path.join(resultsRoot, "coverage") });
}

/** Runs `test/<part>`. */
async function mocha(part: string, env: Readonly<Record<string, string>> = {}): Promise<Counts> {
  const result = path.join(resultsRoot, `${part}.json`);
  const { ok } = await runTool(["tsx", "test/support/runMocha.ts", `test/${part}`], {
    env: { TEST_RESULT: result, ...env },
  });
  return mochaCounts(result, ok);
}

/** Lines of `wire`, `api` and `engine` that the tests of this process ran. One test: the floor is met. */
async function reportCoverage(): Promise<Counts> {
  const { ok } = await runTool([
    // monocart maps through the code that tsx minified; c8's own mapping shows a third of the lines as never run.
    ...["c8", "report", "--experimental-monocart", "--temp-directory", path.join(resultsRoot, "coverage")],
    ...["--include", "src/wire/**", "--include", "src/api/**", "--include", "src/engine/**"],
    ...["--exclude-after-remap", "--reporter", "text-summary", "--reporter", "lcovonly"],
    ...["--reports-dir", path.join(resultsRoot, "coverage-report")],
    ...["--check-coverage", "--lines", String(coverageFloor)],
  ]);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}
