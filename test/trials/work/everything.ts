import assert from "node:assert/strict";
import type { TrialContext } from "../support/trialContext.js";
import type { Witness } from "../support/witness.js";
import { runLines } from "./runs.js";
import { transfer } from "./transfers.js";
import { readBanner } from "./tunnels.js";

/** Which session, as the table names it: `the busy session`. */
interface NamedSession {
  readonly name: string;
  readonly id: string;
}

/** Every kind of call on a session works, as if nothing had happened. */
export async function everythingWorks(
  context: TrialContext,
  witness: Witness,
  { name, id }: NamedSession,
): Promise<void> {
  const { client, signal } = context;
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    "look at the session": async () =>
      assert.equal((await client.sessions.summary(id, { signal })).status, "RUNNING"),
    "run a query": async () => runLines(client, id, { tag: "again", count: 50, signal }),
    "upload and download": async () => transfer(client, id, { folder: "again", sizes: [5000] }),
    "open a tunnel": async () => readBanner(client, id),
    "open an event stream": async () => (await context.watch(id)).close(),
  };
  for (const [call, work] of Object.entries(calls)) {
    const seen = await witness.sees(`then, in ${name}: ${call}`, work());
    if (!seen.ok) {
      throw seen.error;
    }
  }
}
