import assert from "node:assert/strict";
import type { CreatedSession } from "../../../../src/api/index.js";
import { lookAtPending } from "../../../../src/sessions/lifecycle/pending/lookAtPending.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { until } from "../../../support/until.js";

describe("a session that waits, on a real engine", () => {
  let server: LocalServer;
  const { signal } = new AbortController();

  afterEach(() => server.stop());

  /** What each era says of sessions beyond the number that may run. */
  for (const [apiVersion, manager, cause] of [
    ["v4.20190615", "19.09.27", /does not say for what/],
    ["v5.20191215", "20.03.19", /does not say for what/],
    ["v6.20210815", "21.03.32", /Only 1 of your sessions/],
    ["v7.20230615", "23.09.10", /Only 1 of your sessions/],
    ["v8.20240915", "24.09.6", /Only 1 of your sessions/],
    ["v9.20250722", "25.15.12", /Only 1 of your sessions/],
    ["v9.20250722", "26.8.1", /next in the queue/],
  ] as const) {
    it(`says what it waits for as ${manager} tells it`, async () => {
      server = await startLocalServer({ apiVersion, manager, limits: { concurrency: 1 } });
      const { sessions } = server.client;
      await sessions.create({ image: "python", name: "first-1" });
      const second = await sessions.create({ image: "python", name: "second-1", enqueueOnly: true });
      const look = await lookAtPending(server.client, second.id, { signal });
      assert.equal(look.detail.status, "PENDING");
      assert.match(look.reason.causes.join(" "), cause);
      await sessions.destroy("first-1");
      await until(
        "the second one runs",
        async () => (await sessions.summary(second.id)).status === "RUNNING",
      );
    });
  }

  it("is told to be too large for every agent", async () => {
    server = await startLocalServer({ apiVersion: "v8.20240915", manager: "24.09.6" });
    const { sessions } = server.client;
    const large = await sessions.create({
      image: "python",
      name: "large-1",
      resources: { cpu: 100_000, mem: "1g" },
      enqueueOnly: true,
    });
    const { reason } = await lookAtPending(server.client, large.id, { signal });
    assert.match(reason.causes[0]!, /No agent of the resource group default has so much free/);
    assert.equal(reason.remedy, "startSmaller");
  });

  it("is found to be too large by the figures of a server that says nothing", async () => {
    server = await startLocalServer();
    const large = await server.client.sessions.create({
      image: "python",
      name: "large-1",
      resources: { cpu: 100_000, mem: "1g" },
      enqueueOnly: true,
    });
    const { reason } = await lookAtPending(server.client, large.id, { signal });
    assert.match(reason.causes[0]!, /has so much free at once\. Free there: \d+ cores?/);
  });

  it("tells its place in the queue", async () => {
    server = await startLocalServer({ limits: { concurrency: 1 } });
    const { sessions } = server.client;
    const create = async (name: string): Promise<CreatedSession> =>
      sessions.create({ image: "python", name, enqueueOnly: true });
    const created = [await create("first-1"), await create("second-1"), await create("third-1")] as const;
    await until(
      "the first one runs",
      async () => (await sessions.summary(created[0].id)).status === "RUNNING",
    );
    const positions = await Promise.all(created.map(({ id }) => sessions.queuePosition(id)));
    assert.deepEqual(positions, [undefined, 0, 1]);
  });

  it("waits for another one until that has succeeded", async () => {
    server = await startLocalServer({ apiVersion: "v8.20240915", manager: "24.09.6" });
    const { sessions } = server.client;
    const [good, bad] = await Promise.all(
      ["sleep 0.3", "sleep 0.3; exit 3"].map((startupCommand, index) =>
        sessions.create({
          image: "python",
          name: `before-${index}`,
          type: "batch",
          startupCommand,
          enqueueOnly: true,
        }),
      ),
    );
    const after = async (id: string, name: string): Promise<string> =>
      (await sessions.create({ image: "python", name, dependencies: [id], enqueueOnly: true })).id;
    const fine = await after(good!.id, "after-good");
    const stuck = await after(bad!.id, "after-bad");
    const first = await lookAtPending(server.client, fine, { signal });
    assert.match(first.reason.causes[0]!, /waits for other sessions to succeed: before-0/);
    assert.deepEqual(first.detail.dependencies[0]?.name, "before-0");
    await until("it starts", async () => (await sessions.summary(fine)).status === "RUNNING");
    await until("the other has failed", async () => (await sessions.summary(bad!.id)).result === "failure");
    const { reason } = await until("the end of what it waits for", async () => {
      const look = await lookAtPending(server.client, stuck, { signal });
      return look.reason.remedy === "cancel" && look;
    });
    assert.match(reason.causes[0]!, /before-1 to succeed, which ended without success/);
  });

  it("refuses to wait for what is not there", async () => {
    server = await startLocalServer();
    await assert.rejects(
      server.client.sessions.create({ image: "python", name: "after-none", dependencies: ["nothing"] }),
      /dependency list/,
    );
  });
});
