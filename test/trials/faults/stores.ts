import { delay } from "../../../src/base/abort.js";
import type { TrialGroup } from "../support/trial.js";
import type { TrialContext } from "../support/trialContext.js";
import { runsAgain } from "../work/cutRun.js";
import { everythingWorks } from "../work/everything.js";
import { startTicking } from "../work/runs.js";
import { holdTunnel, stillOpen } from "../work/tunnels.js";

const pauseMs = 10_000;

async function stallRedis(context: TrialContext): Promise<void> {
  const { client, cluster, signal } = context;
  const witness = context.witness("redis stands still for 10 s");
  const [busy = "", idle = ""] = await context.sessions(2);
  const run = await startTicking(context, busy);
  const tunnel = await holdTunnel(context, busy);
  const watch = await context.watch(idle);
  const running = witness.sees(
    "a run",
    run.end,
    ({ exitCode }) => `goes on to exit code ${String(exitCode)}`,
  );
  running.catch(() => undefined);
  const meanwhile = async (): Promise<unknown> =>
    Promise.all([
      witness.sees("look at a session meanwhile", client.sessions.summary(idle, { signal })),
      witness.sees("list files meanwhile", client.files.list(idle, ".", { signal })),
    ]);
  witness.strike();
  const calls = await cluster.withoutRedis(async () => {
    const begun = meanwhile();
    begun.catch(() => undefined); // waited for below
    await delay(pauseMs, signal); // how long the fault lasts
    return [begun, running];
  });
  await Promise.all(calls);
  await witness.sees("an open tunnel", stillOpen(tunnel), (state) => state);
  await witness.sees("an open event stream", watch.stillOpen(), (state) => state);
  await everythingWorks(context, witness, { name: "the idle session", id: idle });
  await runsAgain(context, witness, busy);
  await everythingWorks(context, witness, { name: "the busy session", id: busy });
}

export const storeFaults: TrialGroup = {
  title: "redis",
  trials: [{ title: "stands still for ten seconds in the middle of work", run: stallRedis }],
};
