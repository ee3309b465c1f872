import path from "node:path";
import { clientVariables } from "../../test/cluster/clientVariables.js";
import { down, isClusterUp, up } from "../../test/cluster/lifecycle.js";
import { type Release, releases } from "../../test/cluster/releases.js";
import { runJourneys } from "../../test/host/index.js";
import { resultsRoot } from "../../test/host/paths.js";
import { addCounts, type Counts, mochaCounts } from "./counts.js";
import { runTool } from "./tasks.js";

/** Tried unless `TEST_CLUSTERS` names others, or `none`: an old and a new era, of those that start quickly. */
const usual = "24.09.6,26.8";

/** The release on which journeys are made: its batch runs lose nothing (`docs/real-servers.md`). */
const journeyRelease = "24.09.6";

/**
 * The conformance suite on real clusters of this computer, and journeys in VS Code against one. A cluster that can't be
 * started is told of and counted as skipped: not every computer can have one.
 */
export async function testClusters(): Promise<Counts> {
  const wanted = (process.env["TEST_CLUSTERS"] ?? usual).split(",").filter((name) => name !== "none");
  const known = wanted.map(releaseCalled);
  const own: Release[] = [];
  const started: Release[] = [];
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const release of known) {
      if (!(await isClusterUp(release))) {
        own.push(release); // one that was up before is not ours to end
      }
      if (await start(release)) {
        started.push(release);
      } else {
        counts = addCounts(counts, { passed: 0, failed: 0, skipped: 1 });
      }
    }
    const suites = await Promise.all(started.map(conformanceOn));
    counts = suites.reduce(addCounts, counts);
    const forJourneys = started.find(({ name }) => name === journeyRelease);
    return forJourneys === undefined ? counts : addCounts(counts, await journeysOn(forJourneys));
  } finally {
    for (const release of own.filter((one) => started.includes(one))) {
      await down(release).catch((error: unknown) => {
        console.error(`${release.name} did not end well: ${String(error)}`);
      });
    }
  }
}

function releaseCalled(name: string): Release {
  const release = releases.find((known) => known.name === name);
  if (release === undefined) {
    throw new Error(
      `TEST_CLUSTERS names ${name}; there are ${releases.map((known) => known.name).join(", ")}.`,
    );
  }
  return release;
}

async function start(release: Release): Promise<boolean> {
  try {
    await up(release);
    return true;
  } catch (error) {
    const line = "!".repeat(78);
    const words = `!! CLUSTER ${release.name} WAS NOT STARTED, SO NOTHING IS PROVEN ON IT`;
    console.error(`${line}\n${words}\n${String(error)}\n${line}`);
    return false;
  }
}

async function conformanceOn(release: Release): Promise<Counts> {
  const result = path.join(resultsRoot, `cluster-${release.name}.json`);
  const { ok, output, seconds } = await runTool(["tsx", "test/support/runMocha.ts", "test/conformance"], {
    quiet: true, // the clusters are tried at the same time
    env: { ...clientVariables(release), CONFORMANCE_TARGET: "environment", TEST_RESULT: result },
  });
  const counts = await mochaCounts(result, ok);
  console.log(`\n── conformance of ${release.name} (${seconds.toFixed(0)} s) ──\n${output}`);
  return counts;
}

async function journeysOn(release: Release): Promise<Counts> {
  console.log(`\n── journeys on ${release.name} ──`);
  return runJourneys({
    folder: path.join(import.meta.dirname, "../../test/e2e/cluster"),
    env: clientVariables(release),
  });
}
