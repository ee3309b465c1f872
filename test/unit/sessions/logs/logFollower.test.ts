import assert from "node:assert/strict";
import type { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { LogFollower } from "../../../../src/sessions/logs/logFollower.js";
import type { LogPlace } from "../../../../src/sessions/logs/logSource.js";
import { LogText } from "../../../../src/sessions/logs/logText.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { until } from "../../../support/until.js";

const pace = { shortestMs: 30, idleMs: 60, longestMs: 200 };
const printing = `import time
for n in range(5):
    print("\\x1b[32mstep", n, "\\x1b[0m", flush=True)
    time.sleep(0.1)
`;

describe("LogFollower, on a real engine", () => {
  let server: LocalServer;
  let requests: string[];
  let followers: LogFollower[];

  beforeEach(async () => {
    requests = [];
    followers = [];
    server = await startLocalServer(
      {},
      { logger: { ...silentLogger, debug: (line) => requests.push(line) } },
    );
  });

  afterEach(async () => {
    followers.forEach((follower) => follower.dispose());
    await server.stop();
  });

  function follow(
    place: Pick<LogPlace, "sessionId"> & Partial<LogPlace>,
    client: () => BackendAIClient | undefined = () => server.client,
  ): { readonly follower: LogFollower; readonly shown: () => string } {
    const text = new LogText();
    const full = { kind: "container", kernelId: undefined, ...place } as const;
    const follower = new LogFollower({ place: full, text, client, onDidChange: () => undefined, pace });
    followers.push(follower);
    return {
      follower,
      shown: () =>
        text
          .lines()
          .map((line) => line.text)
          .join("\n"),
    };
  }

  const logCalls = (): number => requests.filter((line) => /GET .*\/logs/.test(line)).length;

  it("shows what a program prints while it runs, and its session's end", async () => {
    const { id } = await server.client.sessions.create({ image: "python", name: "follow-1" });
    const { follower, shown } = follow({ sessionId: id });
    await follower.ready();
    assert.equal(shown(), "[Nothing was printed yet.]");
    follower.setActive(true);
    const run = server.client.runs.start(id, { mode: "query", code: printing });
    const ended = (async () => {
      for await (const event of run) {
        assert.ok(event.type);
      }
    })();
    await until("the first step", () => /step 0/.test(shown()) && !/step 4/.test(shown()));
    await until("the last step", () => shown().endsWith("step 4 \n"));
    await ended;
    await server.client.sessions.destroy(id);
    await until("the end", () => follower.isOver);
    assert.match(shown(), /^step 0 \nstep 1 \n[^]*step 4 \n\[The session has ended: user-requested\.\]$/);
  });

  it("asks nothing while nobody looks, nor once the session is over", async () => {
    const { id } = await server.client.sessions.create({ image: "python", name: "follow-2" });
    const { follower } = follow({ sessionId: id });
    await follower.ready();
    follower.setActive(true);
    await until("some readings", () => logCalls() >= 6);
    follower.setActive(false);
    const before = logCalls();
    await new Promise((resolve) => setTimeout(resolve, 5 * pace.idleMs));
    assert.ok(logCalls() <= before + 1, "one may have been under way");
    await server.client.sessions.destroy(id);
    follower.setActive(true);
    await until("the end", () => follower.isOver);
    const after = logCalls();
    await new Promise((resolve) => setTimeout(resolve, 5 * pace.idleMs));
    assert.equal(logCalls(), after);
  });

  it("says in words that a session waits, that there is none, and that its server was left", async () => {
    const { id } = await server.client.sessions.create({
      ...{ image: "python", name: "follow-3", enqueueOnly: true },
      resources: { cpu: 4096, mem: "1g" },
    });
    const waiting = follow({ sessionId: id });
    await waiting.follower.ready();
    assert.match(waiting.shown(), /^\[The session has not started yet: pending\.\]$/);
    const gone = follow({ sessionId: "00000000-0000-4000-8000-000000000000" });
    await gone.follower.ready();
    assert.match(gone.shown(), /^\[The session is gone\. The server has no log of it\.\]$/);
    assert.equal(gone.follower.isOver, true);
    const left = follow({ sessionId: id }, () => undefined);
    await left.follower.ready();
    assert.equal(left.shown(), "[Not connected to the server of this log.]");
    assert.equal(left.follower.isOver, false);
  });

  it("reads the log of a batch session's command, and says when there was none", async () => {
    const startupCommand = "printf '\\033[31mred\\033[0m\\n'; exit 3";
    const { id } = await server.client.sessions.create({
      ...{ image: "python", name: "follow-4", type: "batch", startupCommand, enqueueOnly: true },
    });
    const kernelId = (await server.client.sessions.summary(id)).mainKernelId ?? "";
    const { follower, shown } = follow({ kind: "task", sessionId: id, kernelId });
    follower.setActive(true);
    await until("the end", () => follower.isOver);
    assert.match(shown(), /^red\n\[The session has ended: [^\]]*failure\.\]$/);
  });
});
