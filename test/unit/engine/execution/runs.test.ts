import assert from "node:assert/strict";
import { AgentTimeoutError, SessionEndedError } from "../../../../src/engine/execution/index.js";
import { TestSession, textOf } from "./harness.js";

describe("runs of one session", () => {
  let session: TestSession;
  beforeEach(() => (session = new TestSession({ queueTimeoutMs: 5000 })));
  afterEach(() => session.end());

  it("answers continued after the flush time for ids it does not know, and harms nothing", async () => {
    const unknown = await session.continue("nobody", 30);
    assert.deepEqual([unknown.status, unknown.runId, unknown.console], ["continued", "nobody", []]);
    assert.deepEqual((await session.run("print(1)")).console, [["stdout", "1\n"]]);
    const done = await session.query("2", "mine");
    assert.deepEqual([done.status, done.runId], ["finished", "mine"]);
    assert.equal((await session.continue("mine", 30)).status, "continued");
    assert.equal((await session.run("3")).exitCode, 0);
  });

  it("lets overlapping runs wait in order", async () => {
    const order: string[] = [];
    const codes = ["import time; time.sleep(0.2); print('a')", "print('b')", "print('c')"];
    await Promise.all(codes.map(async (code) => order.push(textOf((await session.run(code)).console))));
    assert.deepEqual(order, ["a\n", "b\n", "c\n"]);
  });

  it("refuses a run that waits too long, and gives its place away when its request is aborted", async () => {
    const short = new TestSession({ queueTimeoutMs: 80 });
    try {
      assert.equal((await short.query("input()", "first")).status, "waiting-input");
      await assert.rejects(short.query("1"), AgentTimeoutError);
      const controller = new AbortController();
      const waiting = short.execution.execute(
        { mode: "query", code: "print('x')", runId: null },
        50,
        controller.signal,
      );
      controller.abort(new DOMException("gone", "AbortError"));
      await assert.rejects(waiting, { name: "AbortError" });
      assert.equal((await short.input("first", "")).status, "finished");
      assert.equal(textOf((await short.run("print('y')")).console), "y\n");
    } finally {
      await short.end();
    }
  });

  it("keeps a run going and its output when its request is aborted", async () => {
    const controller = new AbortController();
    const code = "import time; print('kept'); time.sleep(0.15)";
    const step = session.execution.execute({ mode: "query", code, runId: "k" }, 2000, controller.signal);
    setTimeout(() => controller.abort(new DOMException("gone", "AbortError")), 60);
    await assert.rejects(step, { name: "AbortError" });
    assert.equal(textOf((await session.continue("k")).console), "kept\n");
  });

  it("frees a session from an unanswered question by a new run with the same id", async () => {
    assert.equal((await session.query("input()", "stale")).status, "waiting-input");
    const again = await session.query("print('free')", "stale");
    assert.deepEqual([again.status, again.console], ["finished", [["stdout", "free\n"]]]);
  });

  it("keeps the newest part of the log within its bound", async () => {
    const small = new TestSession({ logLimitBytes: 1000 });
    try {
      await small.run("for i in range(5000): print('línea', i)");
      const log = small.execution.containerLog();
      assert.ok(Buffer.byteLength(log) <= 1000 && Buffer.byteLength(log) > 900);
      assert.ok(log.endsWith("línea 4999\n"));
    } finally {
      await small.end();
    }
  });

  it("ends a run that takes too long with exec-timeout", async () => {
    const limited = new TestSession({ execTimeoutMs: 300 });
    try {
      const result = await limited.query("while True: pass", "t");
      assert.deepEqual([result.status, result.exitCode], ["exec-timeout", null]);
    } finally {
      await limited.end();
    }
  });

  it("starts afresh after a restart; files stay", async () => {
    await session.run("x = 1; open('kept.txt','w').write('k')");
    await session.begin("import time\nprint('go')\nwhile True: time.sleep(0.05)", "r");
    const pending = session.continue("r");
    await session.execution.restart();
    assert.equal((await pending).status, "finished");
    assert.match(textOf((await session.run("x")).console), /NameError/);
    assert.equal(textOf((await session.run("print(open('kept.txt').read())")).console), "k\n");
  });

  it("hears an interrupt that comes while the interpreter is still starting", async () => {
    const step = session.query("while True: pass", "early");
    await new Promise<void>((resolve) => setImmediate(resolve));
    session.execution.interrupt();
    const end = await step;
    assert.deepEqual([end.status, end.exitCode], ["finished", 1]);
  });

  it("starts no further step of an interrupted batch", async () => {
    const clean = await session.execution.execute(
      {
        mode: "batch",
        code: "",
        runId: "b",
        options: { clean: "exec python3 -uc 'import time; print(\"go\"); time.sleep(20)'", exec: "echo no" },
      },
      20,
    );
    await session.until("go", clean);
    session.execution.interrupt();
    const steps = await session.steps(session.continue("b"));
    assert.deepEqual(
      steps.map(({ status, exitCode }) => [status, exitCode]),
      [
        ["clean-finished", -2],
        ["build-finished", 127],
        ["finished", 127],
      ],
    );
  });

  it("lets a queued run start afresh after a restart", async () => {
    await session.begin("import time\nprint('go')\nwhile True: time.sleep(0.05)", "first");
    const second = session.query("print('second')", "second");
    await session.execution.restart();
    assert.equal((await session.continue("first")).status, "finished");
    assert.deepEqual((await second).console, [["stdout", "second\n"]]);
  });

  it("survives a program that writes into its runner's channel", async () => {
    const { exitCode } = await session.run("import os; os.write(3, b'junk\\n')");
    assert.ok(exitCode === -9 || exitCode === 0);
    assert.equal(textOf((await session.run("print(1)")).console), "1\n");
  });

  it("refuses everything after its end", async () => {
    await session.execution.dispose();
    await session.execution.dispose();
    await assert.rejects(session.query("1"), SessionEndedError);
    assert.throws(() => session.execution.openTerminal(), SessionEndedError);
  });
});
