import { ServerError } from "../../../src/api/index.js";
import { play } from "../../conformance/playing.js";
import type { TrialGroup } from "../support/trial.js";
import type { TrialContext } from "../support/trialContext.js";
import type { Witness } from "../support/witness.js";
import { runsAgain } from "../work/cutRun.js";
import { everythingWorks } from "../work/everything.js";
import { startTicking } from "../work/runs.js";
import { holdTunnel, stillOpen } from "../work/tunnels.js";

interface AgentSessions {
  readonly witness: Witness;
  /** In which a run was under way. */
  readonly busy: string;
  readonly idle: string;
}

/** Ends the agent in the middle of work and starts it again. */
async function endAgent(context: TrialContext, how: "killed" | "stopped"): Promise<AgentSessions> {
  const { client, cluster, signal } = context;
  const witness = context.witness(`the agent is ${how}`);
  const [busy = "", idle = ""] = await context.sessions(2);
  const run = await startTicking(context, busy);
  const tunnel = await holdTunnel(context, busy);
  const running = witness.sees(
    "a run",
    run.end,
    ({ exitCode }) => `goes on to exit code ${String(exitCode)}`,
  );
  running.catch(() => undefined); // asked for below
  witness.strike();
  await cluster.without("agent", how, async () => {
    await Promise.all([
      running,
      witness.sees("list sessions meanwhile", client.sessions.page({}, { signal })),
      witness.sees("list files meanwhile", client.files.list(idle, ".", { signal })),
    ]);
  });
  await witness.sees("an open tunnel", stillOpen(tunnel), (state) => state);
  return { witness, busy, idle };
}

/** An agent that ends well remembers its sessions. */
async function restartAgent(context: TrialContext): Promise<void> {
  const { witness, busy, idle } = await endAgent(context, "stopped");
  await everythingWorks(context, witness, { name: "the idle session", id: idle });
  await runsAgain(context, witness, busy);
  await everythingWorks(context, witness, { name: "the busy session", id: busy });
}

/**
 * An agent that is killed forgets the sessions of its last minute, as it writes them down so seldom: they are listed as
 * RUNNING, and each call is refused. New ones work.
 */
async function killAgent(context: TrialContext): Promise<void> {
  const { client, signal } = context;
  const { witness, idle } = await endAgent(context, "killed");
  const query = { mode: "query", code: "print(1)" } as const;
  const running = play(client.runs.start(idle, query, { signal }));
  const seen = await witness.sees("then: run a query in an old session", running);
  if (!seen.ok && !(seen.error instanceof ServerError)) {
    throw seen.error;
  }
  await everythingWorks(context, witness, { name: "a new session", id: await context.session() });
}

export const agentFaults: TrialGroup = {
  title: "agent",
  trials: [
    { title: "stopped in the middle of work, and started again", run: restartAgent },
    { title: "killed in the middle of work, and started again", run: killAgent },
  ],
};
