import assert from "node:assert/strict";
import { play } from "../../conformance/playing.js";
import type { TrialContext } from "../support/trialContext.js";
import type { Witness } from "../support/witness.js";

/** A run that was cut, by its id, and its session. */
interface CutRun {
  readonly id: string;
  readonly runId: string;
}

/** Steps until an interrupted program has ended. */
const mostSteps = 20;

/**
 * A run that was cut goes on in its session and blocks every other one: nobody could interrupt it, as the server did not
 * answer. Interrupting it and taking its place by its id frees the session, should the client not have done so.
 */
export async function freeByRunId(context: TrialContext, witness: Witness, cut: CutRun): Promise<void> {
  const { client, signal } = context;
  const running = play(client.runs.start(cut.id, { mode: "query", code: "print(1)" }, { signal }));
  const seen = await witness.sees("then: run a query where a run was cut", running);
  if (!seen.ok) {
    await witness.sees("then: interrupt that run and read its end by its id", readEnd(context, cut));
  }
}

async function readEnd({ client, signal }: TrialContext, { id, runId }: CutRun): Promise<void> {
  await client.sessions.interrupt(id, { signal });
  let step = await client.runs.execute(id, { mode: "query", code: "", runId }, { signal });
  for (let left = mostSteps; step.status !== "finished"; left -= 1) {
    assert.ok(left > 0, `the run is ${step.status} after ${mostSteps} steps`);
    step = await client.runs.execute(id, { mode: "continue", code: "", runId }, { signal });
  }
}
