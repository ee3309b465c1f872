import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLogger } from "../../../../src/base/logger.js";
import { TurnQueue } from "../../../../src/base/turnQueue.js";
import { JobExecution } from "../../../../src/run/carriers/jobExecution.js";
import { SessionJobs } from "../../../../src/run/jobs/sessionJobs.js";
import { expectRunning } from "../../../../src/sessions/sessionPresence.js";
import { programOutput } from "../../../../src/tunnel/programOutput.js";
import { FaultProxy } from "../../../faults/proxy/faultProxy.js";
import { freshSsh } from "../../tunnel/support/freshSsh.js";
import { withRunPlace } from "../support/runPlace.js";

describe("a program by ssh whose start loses its connection", function () {
  this.timeout(120_000);
  const place = withRunPlace(`starts-${process.pid}`);
  let proxy: FaultProxy;

  before(async () => {
    proxy = await FaultProxy.start();
  });
  after(async () => proxy?.stop());

  it("runs once, at whatever moment that is", async () => {
    const { server, session } = place();
    const client = await server.connect({ proxy: proxy.url });
    for (let n = 0; n < 12; n += 1) {
      const ssh = freshSsh(client, session.id);
      try {
        await programOutput(ssh, "true", { limitBytes: 0, timeoutMs: 20_000 }); // there is a connection
        const execution = new JobExecution({
          jobs: new SessionJobs(ssh),
          id: `cut-${process.pid}-${n}`,
          logger: silentLogger,
          expectSession: async (signal) => expectRunning(client, session, signal),
          start: {
            script: `echo ran >> ran-${n}; cat ran-${n}`,
            kind: "pipes",
            size: { rows: 24, cols: 80 },
            note: "{}",
            queue: new TurnQueue(),
            sessionId: session.id,
          },
        });
        void sleep(n * 5).then(() => proxy.cut());
        let output = "";
        for await (const event of execution) {
          output += event.type === "output" ? event.text : "";
        }
        assert.equal(output, "ran\n", `cut after ${n * 5} ms`);
      } finally {
        ssh.dispose();
      }
    }
  });
});
