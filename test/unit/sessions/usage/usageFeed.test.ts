import assert from "node:assert/strict";
import { silentLogger } from "../../../../src/base/logger.js";
import { SessionsInView } from "../../../../src/sessions/usage/sessionsInView.js";
import { UsageFeed, type UsageState } from "../../../../src/sessions/usage/usageFeed.js";
import { Emitter } from "../../../../src/base/event.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { until } from "../../../support/until.js";

const busy =
  "import time\nfilled = bytearray(150_000_000)\nend = time.time() + 20\nwhile time.time() < end: pass\n";

describe("UsageFeed, on a real engine", () => {
  let server: LocalServer;
  let feed: UsageFeed;
  let requests: string[];

  beforeEach(async () => {
    requests = [];
    server = await startLocalServer(
      {},
      { logger: { ...silentLogger, debug: (line) => requests.push(line) } },
    );
    feed = new UsageFeed(silentLogger, 100);
  });

  afterEach(async () => {
    feed.dispose();
    await server.stop();
  });

  const usage = (): Extract<UsageState, { phase: "known" }>["usage"] | undefined =>
    feed.state.phase === "known" ? feed.state.usage : undefined;

  it("tells how busy the session's programs are, and what memory they take", async () => {
    const { id } = await server.client.sessions.create({
      ...{ image: "python", name: "busy-1" },
      resources: { cpu: 1, mem: "2g" },
    });
    feed.watch({ client: server.client, id });
    assert.equal(feed.state.phase, "loading");
    await until("an idle session", () => (usage()?.cpu?.used ?? 1) < 0.5);
    assert.equal(usage()?.memory?.of, 2 * 1024 ** 3);
    const run = server.client.runs.start(id, { mode: "query", code: busy });
    const reading = (async () => {
      for await (const event of run) {
        assert.ok(event.type);
      }
    })();
    await until("a busy core", () => (usage()?.cpu?.used ?? 0) > 0.15);
    await until("its memory", () => (usage()?.memory?.used ?? 0) > 150_000_000);
    assert.equal(usage()?.cpu?.of, 1);
    await run.interrupt();
    await reading;
  });

  it("asks nothing when nobody looks, and forgets the figures of the session before", async () => {
    const [one, two] = await Promise.all(
      ["looks-1", "looks-2"].map((name) => server.client.sessions.create({ image: "python", name })),
    );
    assert.ok(one && two);
    feed.watch({ client: server.client, id: one.id });
    await until("figures", () => usage());
    feed.watch({ client: server.client, id: two.id });
    assert.deepEqual(feed.state, { phase: "loading" });
    await until("figures", () => usage());
    feed.setActive(false);
    assert.ok(usage(), "the figures stay");
    const paused = requests.length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(requests.length <= paused + 1, "the answer to what was under way");
    feed.setActive(true);
    await until("new figures", () => requests.length > paused + 4);
    feed.watch(undefined);
    assert.deepEqual(feed.state, { phase: "idle" });
    const before = requests.length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(requests.length <= before + 1, "the answer to what was under way");
  });

  it("has none of a session that is not there", async () => {
    feed.watch({ client: server.client, id: "00000000-0000-4000-8000-000000000000" });
    await until("the answer", () => feed.state.phase === "none");
  });
});

describe("SessionsInView", () => {
  it("asks whoever has something of a session on show, in the order in which they came", () => {
    const inView = new SessionsInView();
    const changed = new Emitter<undefined>();
    const looked: { at?: string } = {};
    let heard = 0;
    const hook = inView.onDidChange(() => (heard += 1));
    const first = inView.add({ current: () => looked.at, onDidChange: changed.event });
    inView.add({ current: () => "b", onDidChange: new Emitter<undefined>().event });
    assert.equal(inView.current, "b");
    looked.at = "a";
    changed.fire(undefined);
    assert.deepEqual([inView.current, heard], ["a", 1]);
    first.dispose();
    changed.fire(undefined);
    assert.deepEqual([inView.current, heard], ["b", 1]);
    hook.dispose();
    inView.dispose();
    assert.equal(inView.current, undefined);
  });
});
