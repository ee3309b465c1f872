import assert from "node:assert/strict";
import { BackendAIClient, type SessionSummary } from "../../../../src/api/index.js";
import { messageOf } from "../../../../src/base/errors.js";
import {
  destroyMany,
  failuresInWords,
  namesOf,
  sessionsInWords,
} from "../../../../src/sessions/lifecycle/destroyMany.js";
import { FaultProxy } from "../../../faults/proxy/faultProxy.js";
import { answered } from "../../../faults/proxy/faults.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";

describe("destroyMany, on a real engine", () => {
  let server: LocalServer;
  const { signal } = new AbortController();

  beforeEach(async () => {
    server = await startLocalServer({
      apiVersion: "v8.20240915",
      manager: "24.09.6",
      limits: { concurrency: 2 },
      defects: ["slowEnd"],
      defectTimes: { endMs: 60_000 },
    });
  });
  afterEach(() => server.stop());

  async function make(count: number): Promise<SessionSummary[]> {
    const made = [];
    for (let index = 0; index < count; index += 1) {
      const { id } = await server.client.sessions.create({
        image: "shell",
        name: `many-${index}`,
        enqueueOnly: true,
      });
      made.push(await server.client.sessions.summary(id));
    }
    return made;
  }

  it("destroys all, and tells how far it is", async () => {
    const sessions = await make(9);
    const progress: number[] = [];
    const outcome = await destroyMany(server.client, sessions, {
      signal,
      onProgress: (done) => progress.push(done),
    });
    assert.deepEqual(
      outcome.destroyed.map(({ name }) => name).sort(),
      sessions.map(({ name }) => name).sort(),
    );
    assert.deepEqual([outcome.failures, outcome.skipped], [[], []]);
    assert.deepEqual(progress, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("names those that were not destroyed, and takes one that is gone for destroyed", async () => {
    const [first, second] = await make(2);
    await server.client.sessions.destroy(first!.id); // it goes on ending, and refuses a second time
    const gone = { ...second!, id: "6f2c3ab2-0000-4000-8000-000000000001", name: "gone-1" };
    const outcome = await destroyMany(server.client, [first!, gone], { signal });
    assert.deepEqual(
      outcome.destroyed.map(({ name }) => name),
      ["gone-1"],
    );
    const words = failuresInWords(outcome, messageOf);
    assert.match(words, /^1 of 2 sessions were not destroyed\. many-0: .*terminating/);
    const forced = await destroyMany(server.client, [first!], { forced: true, signal });
    assert.equal(forced.failures.length, 0);
  });

  it("takes no session for gone when something in between answers 404", async () => {
    const [session] = await make(1);
    const proxy = await FaultProxy.start();
    const { endpoint, accessKey, secretKey } = server.engine;
    const credentials = { type: "keypair", accessKey, secretKey } as const;
    const client = await BackendAIClient.connect({ endpoint, credentials, proxy: proxy.url });
    proxy.inject({ matches: () => true, fault: answered(404, "text/plain", "404: Not Found") });
    const outcome = await destroyMany(client, [session!], { signal });
    assert.equal(outcome.failures.length, 1);
    await client.close();
    await proxy.stop();
  });

  it("asks for no more once it is cancelled", async () => {
    const sessions = await make(3);
    const controller = new AbortController();
    controller.abort();
    const outcome = await destroyMany(server.client, sessions, { signal: controller.signal });
    assert.deepEqual(outcome.skipped, sessions);
  });

  it("counts and names sessions for a question", async () => {
    const sessions = await make(2);
    assert.equal(sessionsInWords(sessions.slice(0, 1)), "session many-0");
    assert.equal(sessionsInWords(sessions), "2 sessions");
    assert.equal(namesOf(sessions.slice(0, 1)), "");
    const twelve = Array.from({ length: 12 }, () => sessions[0]!);
    assert.match(namesOf(twelve), /^(many-0, ){9}many-0 and 2 more$/);
  });
});
