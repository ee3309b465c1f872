import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { eventually, TestSession, textOf } from "./harness.js";

describe("JavaScript queries", () => {
  let session: TestSession;
  before(() => (session = new TestSession({ runtime: "nodejs" })));
  after(() => session.end());

  it("keeps state, declares again, awaits, and inspects the last value", async () => {
    assert.deepEqual((await session.run("const a = 1; let b = { c: [1] }; b")).console, [
      ["stdout", "{ c: [ 1 ] }"],
    ]);
    assert.deepEqual((await session.run("const a = 2; a + (await Promise.resolve(3))")).console, [
      ["stdout", "5"],
    ]);
    assert.deepEqual((await session.run("b.c.push(a); b.c; ")).console, [["stdout", "[ 1, 2 ]"]]);
    assert.deepEqual(await session.run("undefined"), { exitCode: 0, console: [] });
  });

  it("keeps the order of log and error", async () => {
    assert.deepEqual((await session.run("console.log('a'); console.error('b'); console.log('c')")).console, [
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "c\n"],
    ]);
  });

  it("waits for what the code started", async () => {
    const { console } = await session.run("setTimeout(() => console.log('late'), 30); 'now'");
    assert.equal(textOf(console), "'now'late\n");
  });

  it("imports modules both ways and leaves strings alone", async () => {
    session.write("mine.mjs", "export default 7; export const x = 'import(y)';");
    const { console } = await session.run(
      "import seven, { x as y } from './mine.mjs';\n[seven, y, (await import('node:path')).sep]",
    );
    assert.equal(textOf(console), "[ 7, 'import(y)', '/' ]");
  });

  it("shows errors without its own frames", async () => {
    const { exitCode, console } = await session.run("function f() { throw new TypeError('no') }\nf()");
    assert.equal(exitCode, 1);
    assert.match(textOf(console, "stderr"), /Uncaught.* TypeError: no\n {4}at f /);
    assert.doesNotMatch(textOf(console), /node:inspector|node:vm|evalmachine|runner|evaluator/);
    assert.match(textOf((await session.run("1 +")).console), /SyntaxError/);
    assert.match(textOf((await session.run("Promise.reject(new Error('r')); 0")).console), /Error: r/);
  });

  it("interrupts an endless loop and an endless wait", async () => {
    for (const code of [
      "console.log('go'); for (;;) {}",
      "console.log('go'); await new Promise((r) => setTimeout(r, 1e8))",
    ]) {
      const first = await session.execution.execute({ mode: "query", code, runId: "loop" }, 20);
      await session.until("go", first);
      session.execution.interrupt();
      const end = await session.continue("loop");
      assert.deepEqual([end.status, end.exitCode], ["finished", 1]);
    }
    assert.equal(textOf((await session.run("a")).console), "2");
  });

  it("hears an interrupt at each moment of a run's start", async () => {
    for (let at = 0; at < 20; at += 1) {
      for (const code of ["for (;;) {}", "await new Promise((r) => setTimeout(r, 1e8))"]) {
        const runId = `${String(at)} ${code}`;
        const first = session.execution.execute({ mode: "query", code, runId }, 2000);
        await busyFor(at / 5);
        session.execution.interrupt();
        const end = await first;
        assert.deepEqual([end.status, end.exitCode], ["finished", 1], `${String(at / 5)} ms after ${code}`);
      }
    }
    assert.equal(textOf((await session.run("a")).console), "2");
  });

  it("takes three interrupts in a row for impatience, not for force", async () => {
    await session.begin("console.log('go'); for (;;) {}", "impatient");
    [1, 2, 3].forEach(() => session.execution.interrupt());
    const end = await session.continue("impatient");
    assert.deepEqual([end.status, end.exitCode], ["finished", 1]);
    assert.equal(textOf((await session.run("a")).console), "2");
  });

  it("passes an interrupt on to the processes that the code has started", async () => {
    await session.begin(
      `const { spawn } = await import("node:child_process");
       const child = spawn("sh", ["-c", "trap 'echo heard > heard.txt; exit' INT; echo go; while :; do sleep 0.05; done"]);
       child.stdout.pipe(process.stdout);
       await new Promise((resolve) => child.on("exit", resolve));`,
      "child",
    );
    session.execution.interrupt();
    await session.steps(session.continue("child"));
    await eventually(() => existsSync(path.join(session.folder, "heard.txt")), "the child heard of it");
  });

  it("completes names and members", async () => {
    await session.run("const fruit = { apple: 1 }");
    assert.deepEqual(await session.execution.complete("fruit.ap", {}), ["fruit.apple"]);
    assert.ok((await session.execution.complete("", { line: "fru" })).includes("fruit"));
  });

  it("finishes when the code ends the process", async () => {
    const { exitCode, console } = await session.run("console.log('bye'); process.exit(5)");
    assert.equal(exitCode, 5);
    assert.equal(textOf(console, "stdout"), "bye\n");
    assert.equal((await session.run("1")).exitCode, 0);
  });
});

/** Lets the event loop turn for so many milliseconds: a timer is not that exact. */
async function busyFor(durationMs: number): Promise<void> {
  const end = performance.now() + durationMs;
  do {
    await new Promise((resolve) => setImmediate(resolve));
  } while (performance.now() < end);
}
