import assert from "node:assert/strict";
import { silentLogger } from "../../../../src/base/logger.js";
import type { CandidateList } from "../../../../src/completion/source/completionSource.js";
import { QuerySource } from "../../../../src/completion/source/probe/querySource.js";
import { openServerTarget, type ServerTarget } from "../../../support/serverTarget.js";
import { namesOf, never, pointAt } from "./support/point.js";

const program = `
import os, sys, linecache
rather_long_name = {"key one": 1, "other": 2}
class Person:
    "Somebody."
    calls = 0
    def __init__(self, name, *, age=3):
        self.name = name
    @property
    def address(self):
        Person.calls += 1
        return self
    def greet(self, whom: str = "you") -> str:
        "Says hello."
        return whom
    def __getattr__(self, name):
        Person.calls += 1
        raise AttributeError(name)
    def __repr__(self):
        Person.calls += 1
        return "?"
class Frame:
    columns = ["price", "pri\\u00e9", "kind"]
    def __getitem__(self, key): return key
    def head(self): return self
someone = Person("x")
frame = Frame()
class Slow:
    def __dir__(self):
        while True: pass
slow = Slow()
`;

/** On an engine, or with `TUNNEL_TARGET=environment` on the server of the `BACKEND_*` variables. */
describe("QuerySource", function () {
  let target: ServerTarget;
  let id: string;
  let source: QuerySource;

  this.timeout(180_000);

  before(async () => {
    target = await openServerTarget(process.env);
    ({ id } = await target.client.sessions.create({ image: target.pythonImage }));
    await run(program);
    source = new QuerySource({ client: target.client, sessionId: id, logger: silentLogger });
  });

  after(async () => {
    await target.client.sessions.destroy(id, { forced: true });
    await target.end();
  });

  async function run(code: string): Promise<string> {
    let output = "";
    for await (const event of target.client.runs.query(id, code)) {
      output += event.type === "output" ? event.text : "";
    }
    return output;
  }

  async function at(marked: string): Promise<CandidateList> {
    return source.complete(pointAt(marked), never);
  }

  it("completes what the session knows, with kinds and how it is called", async () => {
    const own = await at("print(rather_l|)");
    assert.deepEqual(own.candidates, [{ name: "rather_long_name", kind: "variable", detail: "dict" }]);
    const path = await at("é = '𝒳'; os.path.jo|");
    assert.deepEqual(path.candidates[0], { name: "join", kind: "function", detail: "(a, *p)" });
    assert.ok(namesOf(await at("impor|")).includes("import"));
    assert.ok(namesOf(await at("import os.pa|")).includes("path"));
    assert.ok(namesOf(await at("from os import getc|")).includes("getcwd"));
    assert.deepEqual((await at("no_such_thing_at_all|")).candidates, []);
  });

  it("completes keys and columns, and quotes them where nobody did", async () => {
    const keys = await at('rather_long_name["k|"]');
    assert.deepEqual(keys.candidates, [{ name: "key one", kind: "value", detail: undefined }]);
    const columns = await at("x = 1\nframe['pri|");
    assert.deepEqual(
      columns.candidates.map(({ name, kind }) => [name, kind]),
      [
        ["price", "column"],
        ["prié", "column"],
      ],
    );
    assert.equal((await at("rather_long_name[|")).candidates[0]?.name, '"key one"');
    assert.ok(namesOf(await at('print(frame[["price", "ki|')).includes("kind"));
  });

  it("follows literal keys and literals, and calls nothing", async () => {
    assert.ok(namesOf(await at('x = 1 + rather_long_name["other"].re|')).includes("real"));
    assert.ok(namesOf(await at("'a b'.up|")).includes("upper"));
    assert.deepEqual((await at("someone.greet().up|")).candidates, []);
    assert.deepEqual((await at("frame[0].up|")).candidates, []);
  });

  it("reads members without running what a person wrote", async () => {
    const members = await at("someone.|");
    const found = new Map(members.candidates.map((each) => [each.name, each]));
    assert.deepEqual(found.get("greet"), {
      name: "greet",
      kind: "method",
      detail: "(whom: str = 'you')",
    });
    assert.equal(found.get("name")?.detail, "str");
    assert.equal(found.get("address")?.kind, "property");
    await at("someone.address.na|");
    await at("someone.nothing.na|");
    await source.describe("someone", pointAt("|"), never);
    await source.describe("someone.address", pointAt("|"), never);
    assert.equal((await run("print(Person.calls)")).trim(), "0");
  });

  it("describes names and says how they are called", async () => {
    const point = pointAt("|");
    const greet = await source.describe("someone.greet", point, never);
    assert.equal(greet?.signature, "greet(whom: str = 'you') -> str");
    assert.equal(greet.documentation, "Says hello.");
    const data = await source.describe("rather_long_name", point, never);
    assert.deepEqual([data?.type, data?.value], ["dict", "{'key one': 1, 'other': 2}"]);
    const person = await source.signature("Person", point, never);
    assert.deepEqual(person, {
      label: "Person(name, *, age=3)",
      parameters: ["name", "age=3"],
      documentation: "Somebody.",
    });
    const joined = await source.signature("os.path.join", point, never);
    assert.equal(joined?.label, "join(a, *p)");
    assert.equal(await source.signature("no_such_name", point, never), undefined);
    assert.equal(await source.describe("no_such_name.x", point, never), undefined);
  });

  it("leaves no trace", async () => {
    await run("41 + 1");
    const names = "print(sorted(k for k in globals() if not k.startswith('_i')))";
    const before = await run(names);
    await ask();
    assert.equal(await run(names), before);
    if (target.isReal) {
      assert.match(await run("print(_)"), /^42/);
      const counts = "print(get_ipython().execution_count - len(In), len(In), _i)";
      const first = (await run(counts)).split(" ");
      await ask();
      const second = (await run(counts)).split(" ");
      assert.deepEqual([second[0], Number(second[1])], [first[0], Number(first[1]) + 1]);
      assert.equal(second.slice(2).join(" ").trim(), counts);
      const kept =
        "print(sum('run_line_' + 'magic(' in line[2] for line in get_ipython().history_manager.get_range(raw=True)), " +
        "len([k for k in linecache.cache if 'ipykernel' in k]))";
      const [hidden, files] = (await run(kept)).trim().split(" ").map(Number);
      await ask();
      assert.deepEqual((await run(kept)).trim().split(" ").map(Number), [0, files]);
      assert.equal(hidden, 0);
      return;
    }
    const cell = async (): Promise<number> => Number(/<cell (\d+)>/.exec(await run("1 / 0"))?.[1]);
    const number = await cell();
    const files = Number(await run("print(len(linecache.cache))"));
    await ask();
    assert.equal(Number(await run("print(len(linecache.cache))")), files + 1, "its own code alone");
    assert.equal(await cell(), number + 3);
    const log = await target.client.sessions.logs(id);
    assert.ok(
      log.includes("<cell") && !log.includes("probe "),
      "the session's log has a person's output alone",
    );
  });

  async function ask(): Promise<void> {
    await at("os.path.jo|");
    await at("frame['|");
    await source.describe("rather_long_name", pointAt("|"), never);
  }

  it("asks nothing while a run is under way, and lets a run wait for one question at most", async () => {
    const order: string[] = [];
    const running = run("import time\ntime.sleep(0.8)\nprint('whole')").then((text) => {
      order.push("run");
      return text;
    });
    await assert.rejects(at("os.pa|"), { code: "SESSION_BUSY" });
    order.push("answer");
    assert.match(await running, /whole/);
    assert.deepEqual(order, ["answer", "run"]);
  });

  it("tells when a run had to wait for it", async () => {
    let delays = 0;
    const listening = source.onDidDelay(() => (delays += 1));
    const asking = at("os.pa|");
    await new Promise(setImmediate); // it is the first in the session's queue then
    const events: string[] = [];
    for await (const event of target.client.runs.query(id, "print('mine')")) {
      events.push(event.type);
    }
    await asking;
    listening.dispose();
    assert.equal(delays, 1);
    assert.ok(!events.includes("queued"), "nobody is told of what nobody sees");
  });

  it("leaves off by itself where a person's code hangs, and the session is free", async () => {
    const startedAt = performance.now();
    await assert.rejects(at("slow.|"), { code: "TIMEOUT" });
    assert.ok(performance.now() - startedAt < 2500);
    assert.equal((await run("print('free')")).trim(), "free");
  });

  it("gives up behind somebody else's run, and lets that one be", async () => {
    const other = await target.connect({});
    const code = "import time\ntime.sleep(5)\nprint('whole')";
    let output = "";
    let onBegun: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (onBegun = resolve));
    const running = (async () => {
      for await (const event of other.runs.query(id, `print('on', flush=True)\n${code}`)) {
        output += event.type === "output" ? event.text : "";
        onBegun();
      }
    })();
    await begun;
    await assert.rejects(at("os.pa|"), { code: "TIMEOUT" });
    await running;
    assert.match(output, /whole/);
    assert.match(await run("print('free')"), /free/);
    assert.ok(namesOf(await at("os.pa|")).includes("path"));
  });

  it("rejects at once when it is called off, and answers the next question", async () => {
    const controller = new AbortController();
    const asking = source.complete(pointAt("os.pa|"), controller.signal);
    controller.abort();
    await assert.rejects(asking, { name: "AbortError" });
    assert.ok(namesOf(await at("os.pa|")).includes("path"));
  });
});
