import assert from "node:assert/strict";
import { BackendAIClient } from "../../src/api/index.js";
import { deadline } from "../../src/base/abort.js";
import { agentFaults } from "./faults/agent.js";
import { managerFaults } from "./faults/manager.js";
import { sessionFaults } from "./faults/sessions.js";
import { storeFaults } from "./faults/stores.js";
import { load } from "./load.js";
import { clockRefusals } from "./refusals/clocks.js";
import { limitRefusals } from "./refusals/limits.js";
import { loginRefusals } from "./refusals/logins.js";
import { OutcomeTable } from "./support/outcomeTable.js";
import { endOwnSessions } from "./support/ownSessions.js";
import type { Trial } from "./support/trial.js";
import { TrialCluster } from "./support/trialCluster.js";
import { TrialContext } from "./support/trialContext.js";

const groups = [
  load,
  clockRefusals,
  loginRefusals,
  limitRefusals,
  sessionFaults,
  storeFaults,
  agentFaults,
  managerFaults,
];

/** Longest a trial may take, and its end after that. */
const trialMs = 240_000;
const endMs = 60_000;

const cluster = new TrialCluster(process.env["TRIALS_RELEASE"] ?? "24.09.6");
const table = new OutcomeTable();

describe(`trials on ${cluster.release.name}`, function () {
  this.timeout(trialMs + endMs + 10_000); // each trial has its own deadline
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);

  before(async () => {
    process.on("unhandledRejection", onRejection);
    const client = await BackendAIClient.connect(cluster.connection);
    await endOwnSessions(client, AbortSignal.timeout(endMs));
    await client.close();
  });

  for (const { title, trials } of groups) {
    describe(title, () => {
      for (const trial of trials) {
        it(trial.title, async () => {
          await runTrial(trial);
          assert.deepEqual(rejections.splice(0), [], "a rejection that nobody handled");
        });
      }
    });
  }

  after(() => {
    process.off("unhandledRejection", onRejection);
    console.log(`\n${table.toMarkdown()}\n`);
  });
});

async function runTrial(trial: Trial): Promise<void> {
  const limit = deadline(trialMs, "total", `“${trial.title}”`);
  const client = await BackendAIClient.connect(cluster.connection);
  const context = new TrialContext(cluster, client, table, limit.signal);
  try {
    await trial.run(context);
  } finally {
    limit.clear();
    await context.close(AbortSignal.timeout(endMs));
  }
}
