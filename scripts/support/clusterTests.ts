import path from "node:path";
import { messageOf } from "../../src/base/errors.js";
import { clientVariables } from "../../test/cluster/clientVariables.js";
import { down, isClusterUp, up } from "../../test/cluster/lifecycle.js";
import { type Release, releases } from "../../test/cluster/releases.js";
import { abortableStep, step } from "../../test/cluster/support/step.js";
import { runJourneys } from "../../test/host/index.js";
import { resultsRoot } from "../../test/host/paths.js";
import { addCounts, broken, type Counts, none, writtenCounts } from "./counts.js";
import { runTool, type ToolOptions } from "./tasks.js";

/** Tried unless `TEST_CLUSTERS` names others, or `none`: a new era, that starts quickly and ends well beside other tests. */
const usual = "26.8";

/** The release on which journeys are made: its batch runs lose nothing (`docs/real-servers.md`). */
const journeyRelease = "24.09.6";

/** Longest that it may take until all clusters are up, in seconds: what is not up by then is left out. */
const startSeconds = 1080;

/**
 * By when the conformance suite must be over on all clusters, in seconds from the beginning; they are tried at the same
 * time. Journeys and the end of the clusters fit into what is left of the part's deadline.
 */
const conformanceSeconds = 1680;

/**
 * The conformance suite on real clusters of this computer, and journeys in VS Code against one. A cluster that can't be
 * started, in time, is told of and counted as skipped: not every computer can have one.
 *
 * When `signal` aborts, what runs is given up; the clusters are ended all the same.
 */
export async function testClusters(signal: AbortSignal): Promise<Counts> {
  const wanted = (process.env["TEST_CLUSTERS"] ?? usual).split(",").filter((name) => name !== "none");
  const known = wanted.map(releaseCalled);
  const own: Release[] = [];
  const started: Release[] = [];
  let counts = none;
  const startedAt = performance.now();
  const secondsLeft = (limit: number): number => limit - (performance.now() - startedAt) / 1000;
  try {
    for (const release of known) {
      if (!(await isClusterUp(release))) {
        own.push(release); // one that was up before is not ours to end
      }
      if (await start(release, secondsLeft(startSeconds), signal)) {
        started.push(release);
      } else {
        counts = addCounts(counts, { ...none, skipped: 1 });
      }
    }
    signal.throwIfAborted();
    const deadlineMs = Math.round(secondsLeft(conformanceSeconds) * 1000);
    const suites = await Promise.all(
      started.map(async (release) => conformanceOn(release, { deadlineMs, signal })),
    );
    counts = suites.reduce(addCounts, counts);
    const forJourneys = started.find(({ name }) => name === journeyRelease);
    return forJourneys === undefined ? counts : addCounts(counts, await journeysOn(forJourneys));
  } catch (error) {
    console.error(messageOf(error));
    return addCounts(counts, broken("clusters", messageOf(error)));
  } finally {
    for (const release of own.filter((one) => started.includes(one))) {
      await down(release).catch((error: unknown) => {
        console.error(`${release.name} did not end well: ${messageOf(error)}`);
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

async function start(release: Release, seconds: number, signal: AbortSignal): Promise<boolean> {
  const limit = Math.max(0, Math.round(seconds));
  try {
    await abortableStep(signal, async () =>
      step(`The start of ${release.name}`, limit, async () => up(release)),
    );
    return true;
  } catch (error) {
    const line = "!".repeat(78);
    const words = `!! CLUSTER ${release.name} WAS NOT STARTED, SO NOTHING IS PROVEN ON IT`;
    console.error(`${line}\n${words}\n${messageOf(error)}\n${line}`);
    return false;
  }
}

/** The conformance suite, and what only a server of the world can prove (`test/live`). */
async function conformanceOn(
  release: Release,
  limits: Pick<ToolOptions, "deadlineMs" | "signal">,
): Promise<Counts> {
  const result = path.join(resultsRoot, `cluster-${release.name}.json`);
  console.log(`Conformance of ${release.name} …`);
  const { ok, output, seconds, givenUp } = await runTool(
    ["tsx", "test/support/runMocha.ts", "test/conformance", "test/live"],
    {
      env: {
        ...clientVariables(release),
        CONFORMANCE_TARGET: "environment",
        TUNNEL_TARGET: "environment",
        TEST_RESULT: result,
      },
      ...limits,
    },
  );
  const counts = await writtenCounts(result, ok);
  const end = givenUp === undefined ? "" : `\nGiven up: ${givenUp}`;
  console.log(`\n── conformance of ${release.name} (${seconds.toFixed(0)} s) ──\n${output}${end}`);
  return counts;
}

async function journeysOn(release: Release): Promise<Counts> {
  console.log(`\n── journeys on ${release.name} ──`);
  return runJourneys({
    folder: path.join(import.meta.dirname, "../../test/e2e/cluster"),
    env: clientVariables(release),
  });
}
