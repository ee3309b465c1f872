import assert from "node:assert/strict";
import { ClockSkewError } from "../../../src/api/index.js";
import type { TrialGroup } from "../support/trial.js";
import type { TrialContext } from "../support/trialContext.js";

const minuteMs = 60_000;

function clock(minutes: number): () => Date {
  return () => new Date(Date.now() + minutes * minuteMs);
}

function words(minutes: number): string {
  return `the client's clock is ${Math.abs(minutes)} min ${minutes > 0 ? "fast" : "slow"}`;
}

async function refuses(context: TrialContext, minutes: number): Promise<void> {
  const client = await context.connect({ now: clock(minutes) });
  const witness = context.witness(words(minutes));
  witness.strike();
  const calls = {
    "list sessions": async () => client.sessions.page(),
    "open a tunnel": async () => client.apps.openTunnel("00000000-0000-4000-8000-000000000000", "sshd"),
  };
  for (const [operation, call] of Object.entries(calls)) {
    const { clientTime, serverTime } = await witness.seesError(operation, call(), ClockSkewError);
    const skew =
      (clientTime.getTime() - (serverTime ?? assert.fail("no time of the server")).getTime()) / minuteMs;
    assert.ok(Math.abs(skew - minutes) < 1, `the error tells a skew of ${skew} min`);
  }
}

async function accepts(context: TrialContext, minutes: number): Promise<void> {
  const client = await context.connect({ now: clock(minutes) });
  const witness = context.witness(words(minutes));
  witness.strike();
  assert.ok((await witness.sees("list sessions", client.sessions.page())).ok);
}

export const clockRefusals: TrialGroup = {
  title: "clocks",
  trials: [
    ...[20, -20].map((minutes) => ({
      title: `${words(minutes)}: the error tells both times`,
      run: async (context: TrialContext) => refuses(context, minutes),
    })),
    ...[10, -10].map((minutes) => ({
      title: `${words(minutes)}: nothing is wrong`,
      run: async (context: TrialContext) => accepts(context, minutes),
    })),
  ],
};
