import assert from "node:assert/strict";
import { BackendAIClient, LoginError, RateLimitedError } from "../../../src/api/index.js";
import { trialName } from "../support/ownSessions.js";
import type { TrialGroup } from "../support/trial.js";
import type { TrialContext } from "../support/trialContext.js";
import { trialTimeouts } from "../support/trialCluster.js";

/** After ten failures in a row the web server refuses the name for twenty minutes. */
const allowedFailures = 10;

async function login(
  { cluster }: TrialContext,
  account: { readonly username?: string; readonly password?: string } = {},
): Promise<BackendAIClient> {
  const { endpoint, username, password } = { ...cluster.login, ...account };
  const credentials = { type: "login", username, password } as const;
  return BackendAIClient.connect({ endpoint, credentials, timeouts: trialTimeouts });
}

async function refuseLogins(context: TrialContext): Promise<void> {
  const witness = context.witness("a login through the web server");
  witness.strike();
  const wrong = login(context, { password: "wrong" });
  const error = await witness.seesError("with a wrong password", wrong, LoginError);
  assert.equal(error.needs, "password");
  const good = await witness.sees("with the right one after that", login(context));
  if (!good.ok) {
    throw good.error;
  }
  assert.ok((await good.value.sessions.page()).total >= 0);
  await good.value.close();
  // A name that nobody has: that of an account would stay locked for those who use the cluster next.
  const nobody = { username: `${trialName()}@example.com`, password: "wrong" };
  for (let failures = 0; failures < allowedFailures; failures += 1) {
    await assert.rejects(login(context, nobody), LoginError);
  }
  const locked = login(context, nobody);
  await witness.seesError(`after ${allowedFailures} failures`, locked, LoginError, RateLimitedError);
}

export const loginRefusals: TrialGroup = {
  title: "logins",
  trials: [{ title: "a wrong password is refused, and a name is locked after too many", run: refuseLogins }],
};
