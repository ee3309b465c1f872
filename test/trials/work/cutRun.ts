import assert from "node:assert/strict";
import { play } from "../../conformance/playing.js";
import type { TrialContext } from "../support/trialContext.js";
import type { Witness } from "../support/witness.js";

/**
 * A run that was cut goes on in its session and blocks every other one, as nobody could interrupt it while the server did
 * not answer. The client ends it before it begins the next run there.
 */
export async function runsAgain(
  { client, signal }: TrialContext,
  witness: Witness,
  id: string,
): Promise<void> {
  const running = play(client.runs.start(id, { mode: "query", code: "print('again')" }, { signal }));
  const seen = await witness.sees("then: run a query where a run was cut", running);
  assert.ok(seen.ok, `the session stays blocked: ${seen.ok ? "" : seen.error.message}`);
}
