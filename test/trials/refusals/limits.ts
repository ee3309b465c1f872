import assert from "node:assert/strict";
import {
  type CreateSessionOptions,
  NotFoundError,
  QuotaExceededError,
  TimeoutError,
} from "../../../src/api/index.js";
import { deadline } from "../../../src/base/abort.js";
import { phaseOf } from "../../../src/wire/status.js";
import { endSession } from "../support/ownSessions.js";
import type { TrialGroup } from "../support/trial.js";
import type { TrialContext } from "../support/trialContext.js";

/** Far more than any computer has: the server takes it and lets it wait. */
const tooMuch = { cpu: 500 };
const patienceMs = 5000;

async function waitInVain(context: TrialContext): Promise<void> {
  const { client } = context;
  const witness = context.witness("a session waits for ever");
  witness.strike();
  const byDeadline = { ...context.sessionOptions(), resources: tooMuch, timeoutMs: patienceMs };
  await witness.seesError("create with a deadline", client.sessions.create(byDeadline), TimeoutError);
  await cancel(context, byDeadline);
  const bySignal = { ...context.sessionOptions(), resources: tooMuch };
  const limit = deadline(patienceMs, "start", "The start");
  const creating = client.sessions.create(bySignal, { signal: limit.signal });
  await witness.seesError("create with a signal", creating, TimeoutError);
  await cancel(context, bySignal);
  const byServer = { ...context.sessionOptions(), resources: tooMuch, maxWaitSeconds: 3 };
  const answered = client.sessions.create(byServer);
  const seen = await witness.sees("create with maxWaitSeconds", answered, ({ status }) => status);
  assert.equal(seen.ok && seen.value.status, "TIMEOUT");
  await cancel(context, byServer);
}

/** The session still waits although nobody waits for it: it is found by its name. */
async function cancel({ client, signal }: TrialContext, { name }: CreateSessionOptions): Promise<void> {
  const { items } = await client.sessions.page({}, { signal });
  const session = items.find((item) => item.name === name) ?? assert.fail(`${String(name)} is not listed`);
  assert.equal(session.status, "PENDING");
  await endSession(client, session.id, signal);
  assert.equal(phaseOf((await client.sessions.summary(session.id, { signal })).status), "ended");
}

async function exceed(context: TrialContext): Promise<void> {
  const { client } = context;
  const witness = context.witness("a session that is not allowed");
  witness.strike();
  const quota = client.sessions.create({ ...context.sessionOptions(), clusterSize: 2, timeoutMs: 20_000 });
  await witness.seesError("of more containers than the key may have", quota, QuotaExceededError);
  const image = "registry.test/lablup/nothing:1.0";
  const unknown = client.sessions.create({ ...context.sessionOptions(), image, timeoutMs: 20_000 });
  await witness.seesError("of an image that is gone", unknown, NotFoundError);
}

export const limitRefusals: TrialGroup = {
  title: "limits",
  trials: [
    { title: "a session that waits for ever is given up and cancelled", run: waitInVain },
    { title: "a quota and a missing image are told apart", run: exceed },
  ],
};
