import assert from "node:assert/strict";
import { silentLogger } from "../../../../src/base/logger.js";
import { EndpointSource } from "../../../../src/completion/source/endpointSource.js";
import { QuerySource } from "../../../../src/completion/source/probe/querySource.js";
import { type LadderState, SourceLadder } from "../../../../src/completion/source/sourceLadder.js";
import { problem, withServer } from "../../api/support/scriptedServer.js";
import { until } from "../../../support/until.js";
import { namesOf, never, pointAt } from "./support/point.js";

describe("SourceLadder, by a server that answers badly", () => {
  const at = withServer({ timeouts: { completionMs: 200 } });
  let warnings: string[];
  let changes: LadderState[];
  let ladder: SourceLadder;
  let now: number;

  beforeEach(async () => {
    at.server.hello = { version: "v8.20240915", manager: "24.09.14", defects: [] };
    await at.reconnect();
    begin(["complete"]);
  });

  afterEach(() => ladder.dispose());

  function begin(names: readonly ("complete" | "query")[]): void {
    const { client } = at;
    warnings = [];
    changes = [];
    now = 1_000_000;
    const logger = { ...silentLogger, warn: (line: string) => warnings.push(line) };
    ladder = new SourceLadder({
      sources: names.map((name) =>
        name === "complete"
          ? new EndpointSource(client, "s")
          : new QuerySource({ client, sessionId: "s", logger: silentLogger }),
      ),
      activity: () => client.runs.activity("s"),
      logger,
      budgetMs: 500,
      now: () => now,
    });
    ladder.onDidChange(() => changes.push(ladder.state("python")));
  }

  /** Asks for a word that nobody has asked for. */
  async function ask(word: string): Promise<string[]> {
    return namesOf(await ladder.complete(pointAt(`${word} = x.pa|`), never));
  }

  const failures: readonly [string, () => void][] = [
    ["500", () => (at.server.answer = (_, response) => problem(response, 500, "kernel-execution-failed"))],
    ["a 404", () => (at.server.answer = (_, response) => problem(response, 404, "session-not-found"))],
    ["nothing in time", () => (at.server.answer = () => new Promise(() => undefined))],
    [
      "garbage",
      () =>
        (at.server.answer = (_, response) => {
          response.end("<html>{[");
        }),
    ],
    ["another form", () => (at.server.answer = () => ({ result: { completions: [{ a: 1 }] } }))],
    ["no body", () => (at.server.answer = (_, response) => void response.end())],
    ["a broken connection", () => (at.server.answer = (_, response) => void response.destroy())],
  ];
  for (const [name, script] of failures) {
    it(`answers nothing to ${name}, says so in the log, and rests after three`, async () => {
      script();
      for (const word of ["a", "b", "c", "d"]) {
        assert.deepEqual(await ask(word), []);
      }
      assert.equal(warnings.length, 3);
      assert.match(warnings[0] ?? "", /^completion by complete failed: ./);
      assert.equal(changes.length, 1);
      const [state] = changes;
      assert.equal(state?.phase, "resting");
      assert.equal(state.source, "complete");
      assert.ok((state.reason ?? "") !== "");
      assert.ok((state.until ?? 0) >= now + 27_000 && (state.until ?? 0) <= now + 33_000);
    });
  }

  it("is off where the release is known to fail, and did", async () => {
    at.server.hello = { version: "v8.20240915", manager: "24.09.14" };
    await at.reconnect();
    begin(["complete"]);
    at.server.answer = (_, response) => problem(response, 500, "kernel-execution-failed");
    assert.deepEqual(ladder.state("python"), { phase: "on", source: "complete" });
    for (const word of ["a", "b", "c", "d"]) {
      await ask(word);
    }
    assert.equal(at.server.lines.length, 3);
    assert.equal(ladder.state("python").phase, "off");
    assert.match(ladder.state("python").reason ?? "", /^Nothing /);
  });

  it("tries again after the rest, and rests for twice as long where that fails", async () => {
    at.server.answer = (_, response) => problem(response, 500, "kernel-execution-failed");
    for (const word of ["a", "b", "c"]) {
      await ask(word);
    }
    const asked = at.server.lines.length;
    now += 34_000;
    await ask("e");
    await ask("f");
    assert.equal(at.server.lines.length, asked + 1, "one question to try");
    const { until: end } = ladder.state("python");
    assert.ok((end ?? 0) >= now + 54_000 && (end ?? 0) <= now + 66_000);
    now += 67_000;
    at.server.answer = () => ({ result: { completions: ["x.path"] } });
    assert.deepEqual(await ask("g"), ["path"]);
    assert.deepEqual(ladder.state("python"), { phase: "on", source: "complete" });
  });

  it("asks again at once when a person wishes", async () => {
    at.server.answer = (_, response) => problem(response, 500, "kernel-execution-failed");
    for (const word of ["a", "b", "c"]) {
      await ask(word);
    }
    at.server.answer = () => ({ result: { completions: ["x.path"] } });
    assert.deepEqual(await ask("a"), []);
    ladder.retry();
    assert.deepEqual(await ask("a"), ["path"]);
  });

  it("cuts 100,000 candidates, and drops what can't be a name and what comes twice", async () => {
    at.server.answer = () => ({
      result: { completions: Array.from({ length: 100_000 }, (_, index) => `x.pa${String(index)}`) },
    });
    const list = await ladder.complete(pointAt("x.pa|"), never);
    assert.equal(list.candidates.length, 2000);
    assert.equal(list.isIncomplete, true);
    at.server.answer = () => ({
      result: {
        suggestions: [
          "x.pa\nth",
          "x.pa\u0000",
          "x.",
          "",
          "x.path",
          "path",
          "th",
          "x.pāris()",
          `x.pa${"y".repeat(300)}`,
          "x.pa\u202eb",
        ],
      },
    });
    assert.deepEqual(await ask("odd"), ["path", "pāris"]);
  });

  it("takes an empty list for an answer, and asks the next source then", async () => {
    at.server.answer = () => ({ result: { completions: [] } });
    assert.deepEqual(await ladder.complete(pointAt("x.pa|"), never), { candidates: [], isIncomplete: false });
    assert.deepEqual(await ladder.complete(pointAt("x.pat|"), never), {
      candidates: [],
      isIncomplete: false,
    });
    assert.equal(at.server.lines.length, 1);
    assert.equal(warnings.length, 0);
    begin(["complete", "query"]);
    await ladder.complete(pointAt("x.pa|"), never);
    assert.ok(at.server.lines.length > 2);
  });

  it("passes over servers of releases that are known not to answer, where another source can", async () => {
    at.server.hello = { version: "v9.20250722", manager: "26.8.1" };
    await at.reconnect();
    begin(["complete", "query"]);
    at.server.answer = (request) =>
      request.url.endsWith("/complete")
        ? { result: { suggestions: [] } }
        : { result: { status: "finished", runId: null, exitCode: 0, console: [["stdout", "no answer"]] } };
    for (const word of ["a", "b", "c", "d"]) {
      assert.deepEqual(await ask(word), []);
    }
    assert.ok(at.server.lines.every((line) => !line.endsWith("/complete")));
    assert.match(warnings[0] ?? "", /^completion by query failed: /);
    assert.equal(ladder.state("python").phase, "resting");
    assert.deepEqual(ladder.state("r"), { phase: "on", source: "complete" });
  });

  it("keeps nobody waiting longer than its budget, and uses the late answer for the next question", async () => {
    await at.reconnect({ timeouts: { completionMs: 5000 } });
    begin(["complete"]);
    let answer: (value: unknown) => void = () => undefined;
    at.server.answer = () => new Promise((resolve) => (answer = resolve));
    const startedAt = performance.now();
    const list = await ladder.complete(pointAt("x.pa|"), never);
    assert.deepEqual(list, { candidates: [], isIncomplete: true });
    assert.ok(performance.now() - startedAt < 700);
    answer({ result: { completions: ["x.path"] } });
    await until("the late answer", async () =>
      namesOf(await ladder.complete(pointAt("x.pat|"), never)).includes("path"),
    );
    assert.equal(at.server.lines.length, 1);
  });

  it("cancels on the wire what can't be used any more, and nothing else", async () => {
    await at.reconnect({ timeouts: { completionMs: 5000 } });
    begin(["complete"]);
    let gone = 0;
    at.server.answer = (request, response) =>
      new Promise((resolve) => {
        response.on("close", () => (gone += response.writableEnded ? 0 : 1));
        if (request.body.includes("y.pa")) {
          resolve({ result: { completions: ["y.path"] } });
        }
      });
    const first = ladder.complete(pointAt("x.p|"), never);
    await until("the first call", () => at.server.lines.length === 1);
    const second = ladder.complete(pointAt("x.pa|"), never);
    await new Promise(setImmediate);
    assert.equal(gone, 0, "its answer serves the longer word");
    assert.deepEqual(namesOf(await ladder.complete(pointAt("y.pa|"), never)), ["path"]);
    await until("the first call's end", () => gone === 1);
    assert.deepEqual([namesOf(await first), namesOf(await second)], [[], []]);
    assert.equal(at.server.lines.length, 2);
    assert.equal(warnings.length, 0);
  });

  it("rejects with its caller's own reason alone", async () => {
    at.server.answer = () => new Promise(() => undefined);
    const controller = new AbortController();
    const asking = ladder.complete(pointAt("x.p|"), controller.signal);
    controller.abort();
    await assert.rejects(asking, { name: "AbortError" });
  });
});
