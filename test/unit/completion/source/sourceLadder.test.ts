import assert from "node:assert/strict";
import { BackendAIClient, type Run } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { EndpointSource } from "../../../../src/completion/source/endpointSource.js";
import { QuerySource } from "../../../../src/completion/source/probe/querySource.js";
import { SourceLadder } from "../../../../src/completion/source/sourceLadder.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { until } from "../../../support/until.js";
import { namesOf, never, pointAt } from "./support/point.js";

/** What an engine was asked, by its client's log. */
function requestLog(): { readonly lines: string[]; readonly logger: typeof silentLogger } {
  const lines: string[] = [];
  const logger = { ...silentLogger, debug: (line: string) => lines.push(line) };
  return { lines, logger };
}

describe("SourceLadder, on an engine", () => {
  const log = requestLog();
  let server: LocalServer;
  let id: string;
  let ladder: SourceLadder;
  /** Milliseconds that the ladder's clock is ahead. */
  let aheadMs: number;

  before(async () => {
    server = await startLocalServer({}, { logger: log.logger });
    ({ id } = await server.client.sessions.create({ image: "python" }));
    await run(
      "import os\ntable = {'price': 1}\nrather_long_name_of_a_thing_that_nobody_would_ever_type_in_full = 1",
    );
  });

  beforeEach(() => {
    const { client } = server;
    const endpoint = new EndpointSource(client, id);
    const query = new QuerySource({ client, sessionId: id, logger: silentLogger });
    ladder = new SourceLadder({
      sources: [endpoint, query],
      activity: () => client.runs.activity(id),
      logger: silentLogger,
      budgetMs: 5000,
      now: () => Date.now() + aheadMs,
    });
    aheadMs = 0;
    log.lines.length = 0;
  });

  afterEach(() => ladder.dispose());

  after(() => server.stop());

  async function run(code: string): Promise<string> {
    let output = "";
    for await (const event of server.client.runs.query(id, code)) {
      output += event.type === "output" ? event.text : "";
    }
    return output;
  }

  /** Requests that went out. */
  function calls(): string[] {
    return log.lines.filter((line) => line.startsWith("→"));
  }

  it("answers names by the call, and keys by a query", async () => {
    assert.ok(namesOf(await ladder.complete(pointAt("os.pa|"), never)).includes("path"));
    assert.match(calls().join("\n"), /^→ \S+ POST \/session\/[^\n]*\/complete[^\n]*$/);
    const keys = await ladder.complete(pointAt("table['|"), never);
    assert.deepEqual(keys.candidates, [{ name: "price", kind: "value", detail: undefined }]);
    assert.equal((await ladder.signature("os.path.join", pointAt("|"), never))?.label, "join(a, *p)");
    assert.equal((await ladder.describe("table", pointAt("|"), never))?.type, "dict");
  });

  it("makes at most two calls for fifty keystrokes, and the last one is answered", async () => {
    const word = "rather_long_name_of_a_thing_that_nobody_would_ever_type";
    const answers: Promise<string[]>[] = [];
    let cancel = new AbortController();
    for (let length = 1; length <= 50; length += 1) {
      cancel.abort(); // as an editor does
      cancel = new AbortController();
      answers.push(
        ladder.complete(pointAt(`x = ${word.slice(0, length)}|`), cancel.signal).then(namesOf, () => ["off"]),
      );
      await new Promise(setImmediate);
    }
    assert.deepEqual(await answers.at(-1), [`${word}_in_full`]);
    assert.ok(calls().length >= 1 && calls().length <= 2, calls().join("\n"));
    for (let length = 50; length >= 1; length -= 1) {
      await ladder.complete(pointAt(`x = ${word.slice(0, 50)}|`), never);
    }
    assert.ok(calls().length <= 2);
  });

  it("does not ask again for what an answer covers, until code has run", async () => {
    await ladder.complete(pointAt("os.|"), never);
    assert.deepEqual(namesOf(await ladder.complete(pointAt("os.getc|"), never)), ["getcwd", "getcwdb"]);
    await ladder.signature("os.path.join", pointAt("os.path.join(|"), never);
    await ladder.signature("os.path.join", pointAt("os.path.join(1, |"), never);
    assert.equal(calls().filter((line) => line.includes("/complete")).length, 1);
    const before = calls().length;
    await run("os.getcleverness = 1");
    log.lines.length = 0;
    assert.ok(namesOf(await ladder.complete(pointAt("os.getc|"), never)).includes("getcleverness"));
    assert.equal(calls().length, 1);
    assert.ok(before >= 2);
  });

  it("makes no call while a run is under way", async () => {
    const running = run("import time\nprint('on')\ntime.sleep(0.7)\nprint('off')");
    await until("the run", () => calls().length > 0);
    const before = calls().filter((line) => !line.includes("/complete")).length;
    for (let count = 0; count < 20; count += 1) {
      const list = await ladder.complete(pointAt(`os.p${"a".repeat(count)}|`), never);
      assert.deepEqual(list, { candidates: [], isIncomplete: true });
      assert.equal(await ladder.describe(`os.path${String(count)}`, pointAt("|"), never), undefined);
    }
    assert.equal(calls().filter((line) => line.includes("/complete")).length, 0);
    assert.equal(calls().length, before);
    assert.match(await running, /off/);
    assert.ok(namesOf(await ladder.complete(pointAt("os.pa|"), never)).includes("path"));
  });

  /** Keeps the session busy with what this client does not count as a run, and asks meanwhile. */
  async function meanwhile<T>(run: Run, ask: () => Promise<T>): Promise<T> {
    let answer: Promise<T> | undefined;
    for await (const event of run) {
      answer ??= event.type === "output" ? ask() : undefined;
    }
    assert.ok(answer);
    return answer;
  }
  const sleeping = "import time\nprint('on', flush=True)\ntime.sleep(2.5)";
  const soonMs = 3000;

  it("asks again soon where a question had to wait for another one of ours", async () => {
    const hidden = server.client.runs.query(id, sleeping, { isHidden: true });
    const point = pointAt("|");
    assert.equal(await meanwhile(hidden, async () => ladder.describe("table", point, never)), undefined);
    aheadMs = soonMs;
    assert.equal((await ladder.describe("table", point, never))?.type, "dict");
  });

  it("asks again soon where the one that could know did not answer", async () => {
    const { endpoint, accessKey, secretKey } = server.engine;
    const credentials = { type: "keypair", accessKey, secretKey } as const;
    const other = await BackendAIClient.connect({ endpoint, credentials });
    const point = pointAt("table['|");
    const during = await meanwhile(other.runs.query(id, sleeping), async () => ladder.complete(point, never));
    assert.deepEqual(during.candidates, []);
    aheadMs = soonMs;
    assert.deepEqual(namesOf(await ladder.complete(point, never)), ["price"]);
    await other.close();
  });

  it("says which source it asks, or that there is none", async () => {
    assert.deepEqual(ladder.state("python"), { phase: "on", source: "complete" });
    const other = new SourceLadder({
      sources: [new QuerySource({ client: server.client, sessionId: id, logger: silentLogger })],
      activity: () => server.client.runs.activity(id),
      logger: silentLogger,
    });
    assert.equal(other.state("julia").phase, "off");
    assert.deepEqual(await other.complete(pointAt("x|", "julia"), never), {
      candidates: [],
      isIncomplete: true,
    });
    other.dispose();
  });
});
