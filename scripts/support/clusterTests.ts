import path from "node:path";
import { clientVariables } from "../../test/cluster/clientVariables.js";
import { down, up } from "../../test/cluster/lifecycle.js";
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
  const started: Release[] = [];
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const name of wanted) {
      const release = await startCluster(name);
      if (release === undefined) {
        counts = addCounts(counts, { passed: 0, failed: 0, skipped: 1 });
      } else {
        started.push(release);
      }
    }
    const suites = await Promise.all(started.map(conformanceOn));
    counts = suites.reduce(addCounts, counts);
    const forJourneys = started.find(({ name }) => name === journeyRelease);
    if (forJourneys !== undefined) {
      counts = addCounts(counts, await journeysOn(forJourneys));
    }
  } finally {
    for (const release of started) {
      await down(release);
    }
  }
  return counts;
}

async function startCluster(name: string): Promise<Release | undefined> {
  try {
    if (process.platform !== "linux" || process.arch !== "x64" || process.getuid?.() !== 0) {
      throw new Error("A cluster needs Linux on x86-64 and root.");
    }
    const release = releases.find((known) => known.name === name);
    if (release === undefined) {
      throw new Error(
        `TEST_CLUSTERS names ${name}; there are ${releases.map((known) => known.name).join(", ")}.`,
      );
    }
    await up(release);
    return release;
  } catch (error) {
    const line = "!".repeat(78);
    console.error(
      `${line}\n!! CLUSTER ${name} WAS NOT STARTED, SO NOTHING IS PROVEN ON IT\n${String(error)}\n${line}`,
    );
    return undefined;
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
