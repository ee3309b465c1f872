import path from "node:path";
import { resultsRoot } from "../../test/host/paths.js";
import { addCounts, broken, type Counts, none, writtenCounts } from "./counts.js";
import type { Ended, ToolOptions } from "./tasks.js";

/** Lines of these rooms that must be covered, in percent. */
const coverageFloor = 85;

/** Processes that the unit tests are spread over: most of a test is waiting for programs. */
const processes = Number(process.env["TEST_PROCESSES"] ?? 2);

/** The parts of `npm test`. */
export type PartName =
  | "check"
  | "unit"
  | "conformance"
  | "reference"
  | "coverage"
  | "faults"
  | "integration"
  | "journeys"
  | "packaging"
  | "clusters";

/** How a part runs a tool; what it prints belongs to the part. */
export type RunPartTool = (
  command: readonly string[],
  options?: Pick<ToolOptions, "env" | "endMs">,
) => Promise<Ended>;

/** A part of `npm test`. */
export interface Part {
  /** Longest that it may take, on a busy computer, with all that it needs still to be installed. */
  readonly deadlineMs: number;
  readonly run: (tool: RunPartTool) => Promise<Counts>;
}

/** What is run one after the other, in rows that run at the same time. `coverage` is of what runs before it. */
export const rows: readonly (readonly PartName[])[] = [
  ["unit", "conformance", "coverage", "faults", "clusters"],
  ["integration", "journeys", "packaging", "reference", "check"],
];

/** All of them. */
export const parts: Readonly<Record<PartName, Part>> = {
  check: { deadlineMs: minutes(12), run: runCheck },
  unit: { deadlineMs: minutes(20), run: runUnit },
  conformance: { deadlineMs: minutes(16), run: async (tool) => mocha(tool, "conformance", covered) },
  coverage: { deadlineMs: minutes(4), run: reportCoverage },
  reference: {
    deadlineMs: minutes(15),
    run: async (tool) => mocha(tool, "reference", ownResults("reference")),
  },
  faults: { deadlineMs: minutes(10), run: async (tool) => mocha(tool, "faults", ownResults("faults")) },
  integration: { deadlineMs: minutes(15), run: async (tool) => inProcessOfItsOwn(tool, "integration") },
  journeys: { deadlineMs: minutes(33), run: async (tool) => inProcessOfItsOwn(tool, "journeys") },
  packaging: {
    deadlineMs: minutes(10),
    run: async (tool) => mocha(tool, "packaging", ownResults("packaging")),
  },
  clusters: {
    deadlineMs: minutes(33),
    run: async (tool) =>
      inProcessOfItsOwn(tool, "clusters", { env: ownResults("clusters"), endMs: minutes(2.5) }),
  },
};

/** What the tests of a process cover is kept for the report. */
const covered = { NODE_V8_COVERAGE: path.join(resultsRoot, "coverage") };

/** Types, format, the check build and dead code; lint takes minutes here, and is for `npm run check`. One test: nothing is found. */
async function runCheck(tool: RunPartTool): Promise<Counts> {
  const { ok } = await tool(["tsx", "scripts/check.ts", "--without-unit", "--without-lint"]);
  return ok ? { ...none, passed: 1 } : broken("check", "npm run check found something: see above.");
}

/** Runs the unit tests in several processes, each with a share of the files. */
async function runUnit(tool: RunPartTool): Promise<Counts> {
  const shares = Array.from({ length: processes }, (_, index) => `${index + 1}/${processes}`);
  const env = { TUNNEL_CUTS: "25", SEARCH_RUNS: "30", ...covered }; // by themselves they make a hundred, and sixty
  const counts = await Promise.all(shares.map(async (share) => mocha(tool, "unit", env, share)));
  return counts.reduce(addCounts, none);
}

/** Runs `test/<part>`, or a share of its files. */
async function mocha(
  tool: RunPartTool,
  part: PartName,
  env: Readonly<Record<string, string>> = {},
  share = "1/1",
): Promise<Counts> {
  const result = resultFile(`${part}-${share.replace("/", "-of-")}`);
  const { ok } = await tool(
    ["tsx", "test/support/runMocha.ts", `test/${part}`, "--share", share, "--retries", "1"],
    {
      env: { TEST_RESULT: result, ...env },
    },
  );
  return writtenCounts(result, ok);
}

/** Lines of `wire`, `api` and `engine` that the tests of this process ran. One test: the floor is met. */
async function reportCoverage(tool: RunPartTool): Promise<Counts> {
  const { ok } = await tool([
    // monocart maps through the code that tsx minified; c8's own mapping shows a third of the lines as never run.
    ...["c8", "report", "--experimental-monocart", "--temp-directory", path.join(resultsRoot, "coverage")],
    ...["--include", "src/wire/**", "--include", "src/api/**", "--include", "src/engine/**"],
    ...["--exclude-after-remap", "--reporter", "text-summary", "--reporter", "lcovonly"],
    ...["--reports-dir", path.join(resultsRoot, "coverage-report")],
    ...["--check-coverage", "--lines", String(coverageFloor)],
  ]);
  return ok
    ? { ...none, passed: 1 }
    : broken("coverage", `Fewer than ${coverageFloor}% of the lines are covered.`);
}

/** A part that drives VS Code or clusters: in a process that can be ended when it hangs. */
async function inProcessOfItsOwn(
  tool: RunPartTool,
  part: PartName,
  { env = {}, endMs = 45_000 }: Pick<ToolOptions, "env" | "endMs"> = {},
): Promise<Counts> {
  const result = resultFile(part);
  const { ok } = await tool(["tsx", "scripts/testPart.ts", part], {
    env: { TEST_RESULT: result, ...env },
    endMs,
  });
  return writtenCounts(result, ok);
}

/** A folder of its own for evidence, where others write files of the same names at the same time. */
function ownResults(part: PartName): Record<string, string> {
  return { VSCODE_TEST_RESULTS: path.join(resultsRoot, part) };
}

function resultFile(name: string): string {
  return path.join(resultsRoot, `${name}.json`);
}

function minutes(count: number): number {
  return count * 60_000;
}
