import assert from "node:assert/strict";
import { ApiError, NotFoundError, ServerError, TimeoutError } from "../../../src/api/index.js";
import { phaseOf } from "../../../src/wire/status.js";
import { killContainers } from "../../cluster/steps/docker.js";
import { play } from "../../conformance/playing.js";
import { endSession } from "../support/ownSessions.js";
import type { TrialGroup } from "../support/trial.js";
import type { TrialContext } from "../support/trialContext.js";
import { startTicking } from "../work/runs.js";
import { holdTunnel, readBanner } from "../work/tunnels.js";

async function killContainer(context: TrialContext): Promise<void> {
  const { client, signal } = context;
  const witness = context.witness("the container of a session is killed");
  const id = await context.session();
  const watch = await context.watch(id);
  const run = await startTicking(context, id);
  const tunnel = await holdTunnel(context, id);
  const underWay = Promise.all([
    witness.sees("a run", run.end, ({ exitCode }) => `ends with exit code ${String(exitCode)}`),
    witness.sees("an open tunnel", tunnel.end, () => "ends"),
  ]);
  underWay.catch(() => undefined);
  witness.strike();
  await killContainers(id);
  const [ran] = await underWay;
  assert.ok(!ran.ok || ran.value.exitCode !== 0, "the run ended well");
  const ended = context.until(() => watch.events.some(({ name }) => name === "session_terminated"));
  await witness.sees("the event stream", ended, () => "tells session_terminated");
  const gone = context.until(async () => {
    const { status } = await client.sessions.summary(id, { signal });
    return ["ended", "failed"].includes(phaseOf(status)) ? status : undefined;
  });
  await witness.sees("look at the session", gone, (status) => status);
  await callsAfterEnd(context, witness, id);
}

/** What is asked of a session that is over is refused in a way that says so. */
async function callsAfterEnd(
  { client, signal }: TrialContext,
  witness: ReturnType<TrialContext["witness"]>,
  id: string,
): Promise<void> {
  const query = client.runs.start(id, { mode: "query", code: "print(1)" }, { signal });
  await witness.seesError("run a query", play(query), ApiError);
  await witness.seesError("list files", client.files.list(id, ".", { signal }), ApiError);
  await witness.seesError("open a tunnel", readBanner(client, id), ApiError);
  await witness.sees("destroy", client.sessions.destroy(id, {}, { signal }));
}

async function endBetweenCalls(context: TrialContext): Promise<void> {
  const { client, signal } = context;
  const witness = context.witness("somebody else destroys a session");
  const id = await context.session();
  await client.files.list(id, ".", { signal });
  const other = await context.connect();
  witness.strike();
  await other.sessions.destroy(id);
  // Servers go on ending it for seconds after they answered: meanwhile some serve it still, and some fail.
  const seen = await witness.sees("list files at once", client.files.list(id, ".", { signal }));
  assert.ok(seen.ok || seen.error instanceof NotFoundError || seen.error instanceof ServerError);
  await endSession(client, id, signal);
  await callsAfterEnd(context, witness, id);
}

async function killInterpreter(context: TrialContext): Promise<void> {
  const { client, signal } = context;
  const witness = context.witness("the interpreter of a session dies");
  const id = await context.session();
  const plan = { mode: "query", code: "import os\nos._exit(4)" } as const;
  witness.strike();
  const run = play(client.runs.start(id, plan, { signal, idleMs: 15_000 }));
  const seen = await witness.sees("a run", run, ({ exitCode }) => `ends with exit code ${String(exitCode)}`);
  assert.ok(seen.ok || seen.error instanceof TimeoutError || seen.error instanceof ServerError);
  const again = play(client.runs.start(id, { mode: "query", code: "print(1)" }, { signal, idleMs: 15_000 }));
  await witness.sees("then: run a query", again, ({ stdout }) => `prints ${JSON.stringify(stdout)}`);
  await witness.sees("then: list files", client.files.list(id, ".", { signal }));
}

export const sessionFaults: TrialGroup = {
  title: "sessions",
  trials: [
    { title: "a container is killed in the middle of work", run: killContainer },
    { title: "a session ends between two calls", run: endBetweenCalls },
    { title: "an interpreter dies in the middle of a run", run: killInterpreter },
  ],
};
