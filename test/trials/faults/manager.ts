import assert from "node:assert/strict";
import { BackendAIClient, NetworkError, StreamClosedError } from "../../../src/api/index.js";
import type { TrialGroup } from "../support/trial.js";
import type { TrialContext } from "../support/trialContext.js";
import { runsAgain } from "../work/cutRun.js";
import { everythingWorks } from "../work/everything.js";
import { startTicking } from "../work/runs.js";
import { holdTunnel } from "../work/tunnels.js";

async function killManager(context: TrialContext): Promise<void> {
  const { client, cluster } = context;
  const witness = context.witness("the manager is killed");
  const [polled = "", streamed = "", idle = ""] = await context.sessions(3);
  const polling = await startTicking(context, polled);
  const streaming = await startTicking(context, streamed, { carrier: "stream" });
  const tunnel = await holdTunnel(context, polled);
  const watch = await context.watch();
  const broken = [NetworkError, StreamClosedError] as const;
  const underWay = Promise.all([
    witness.seesError("a run that polls", polling.end, ...broken),
    witness.seesError("a run on a websocket", streaming.end, ...broken),
    witness.seesError("an open tunnel", tunnel.end, ...broken),
    witness.seesError("an open event stream", watch.ended, ...broken),
  ]);
  underWay.catch(() => undefined); // asked below, when the server is gone
  await cluster.without("manager", "killed", async () => {
    witness.strike();
    await underWay;
    await witness.seesError("connect meanwhile", BackendAIClient.connect(cluster.connection), NetworkError);
    await witness.seesError("look at a session meanwhile", client.sessions.summary(polled), NetworkError);
    await witness.seesError("open a tunnel meanwhile", client.apps.openTunnel(polled, "sshd"), NetworkError);
    assert.equal(tunnel.tunnel.isOpen, false);
  });
  await everythingWorks(context, witness, { name: "the idle session", id: idle });
  await runsAgain(context, witness, polled);
  await everythingWorks(context, witness, { name: "the busy session", id: polled });
}

export const managerFaults: TrialGroup = {
  title: "manager",
  trials: [{ title: "killed in the middle of work, and started again", run: killManager }],
};
