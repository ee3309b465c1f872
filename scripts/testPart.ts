/** Runs a part of `npm test` that has no runner of its own, and writes its counts to the file named by `TEST_RESULT`. */
import { writeFileSync } from "node:fs";
import { interruption } from "../test/host/interruption.js";
import { runInHost, runJourneys } from "../test/host/index.js";
import { testClusters } from "./support/clusterTests.js";
import type { Counts } from "./support/counts.js";

const runs: Readonly<Record<string, () => Promise<Counts>>> = {
  integration: async () => runInHost({ deadlineMs: 600_000 }), // others use the computer at the same time
  journeys: async () => runJourneys(),
  clusters: async () => testClusters(interrupted()),
};

const [name = ""] = process.argv.slice(2);
const run = runs[name];
if (run === undefined) {
  throw new Error(`No such part: ${name}`);
}
const counts = await run();
if (process.env["TEST_RESULT"] !== undefined) {
  writeFileSync(process.env["TEST_RESULT"], JSON.stringify(counts));
}
// What hangs on in this process must not hold the run.
process.exit(counts.failed > 0 ? 1 : 0);

function interrupted(): AbortSignal {
  const controller = new AbortController();
  void interruption().then((reason) => controller.abort(new Error(reason)));
  return controller.signal;
}
