import assert from "node:assert/strict";
import { hasDefect } from "../../src/wire/defects.js";
import type { EventWatch } from "./support/eventWatch.js";
import { endSession } from "./support/ownSessions.js";
import type { TrialGroup } from "./support/trial.js";
import type { TrialContext } from "./support/trialContext.js";
import { runLines, runToExitCode } from "./work/runs.js";
import { transfer } from "./work/transfers.js";
import { readBanner } from "./work/tunnels.js";

/** What is done in each session, all kinds at the same time. */
const rounds = 4;
const linesPerRun = 400;
const fileSizes = [1, 4096, 100_000, 300_000];

/** A session, and the stream of its events. */
interface BusySession {
  readonly id: string;
  readonly watch: EventWatch;
}

async function loadTrial(context: TrialContext): Promise<void> {
  const { client, cluster, signal } = context;
  const { sessions: count, cpu } = cluster.capacity;
  const resources = { cpu };
  const timed = async <T>(
    operation: string,
    outcome: string | (() => string),
    work: () => Promise<T>,
  ): Promise<T> => {
    const startedAt = performance.now();
    const value = await work();
    const ms = performance.now() - startedAt;
    context.table.add({
      fault: `${count} sessions at once`,
      operation,
      outcome: typeof outcome === "string" ? outcome : outcome(),
      ms,
    });
    return value;
  };
  const all = await context.watch();
  const ids = await timed(
    "create",
    () => `all run; ${context.replacedSessions} had no interpreter and were replaced`,
    async () => context.sessions(count, { resources }),
  );
  await context.until(() => ids.every((id) => all.has("session_started", id)));
  const options = { ...context.sessionOptions(), resources, enqueueOnly: true };
  const { id: oneMore } = await client.sessions.create(options, { signal });
  const sessions = await Promise.all(ids.map(async (id) => ({ id, watch: await context.watch(id) })));
  const total = rounds * count;
  const megabytes = (fileSizes.reduce((sum, size) => sum + size) * total) / 1e6;
  await timed(
    `${total} queries, ${total} tunnels, ${megabytes.toFixed(0)} MB up and down`,
    `each of ${linesPerRun * total} lines once, each byte`,
    async () => Promise.all(sessions.map(async ({ id }) => useSession(context, id))),
  );
  assert.equal((await client.sessions.summary(oneMore, { signal })).status, "PENDING");
  await timed("one session more", "waits, and is cancelled", async () => endSession(client, oneMore, signal));
  await timed("destroy", "each stream told its own end", async () =>
    Promise.all(sessions.map(async (session) => endBusySession(context, session))),
  );
}

async function useSession({ client, signal }: TrialContext, id: string): Promise<void> {
  const each = async (work: (round: number) => Promise<unknown>): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      await work(round);
    }
  };
  await Promise.all([
    each(async (round) => runLines(client, id, { tag: `${id} ${round}`, count: linesPerRun, signal })),
    each(async (round) => transfer(client, id, { folder: `round-${round}`, sizes: fileSizes })),
    each(async () => readBanner(client, id)),
  ]);
  if (!hasDefect(client.dialect.manager, "batchLoses")) {
    await runToExitCode(client, id, 3);
  }
}

async function endBusySession(context: TrialContext, { id, watch }: BusySession): Promise<void> {
  await endSession(context.client, id, context.signal);
  await context.until(() => watch.has("session_terminated", id));
  const others = watch.events.filter(({ sessionId }) => sessionId !== id);
  assert.deepEqual(others, [], "events of other sessions");
}

export const load: TrialGroup = {
  title: "load",
  trials: [{ title: "as many sessions as fit do everything at once, and one more waits", run: loadTrial }],
};
