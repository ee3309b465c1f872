import assert from "node:assert/strict";
import { TestSession, textOf } from "./harness.js";

describe("batch runs", () => {
  let session: TestSession;
  beforeEach(() => (session = new TestSession()));
  afterEach(() => session.end());

  it("gives the three notices in order, also for skipped steps", async () => {
    const steps = await session.steps(session.batch({}));
    assert.deepEqual(
      steps.map(({ status, exitCode, console }) => [status, exitCode, console]),
      [
        ["clean-finished", 0, []],
        ["build-finished", 0, []],
        ["finished", 0, []],
      ],
    );
    assert.match(steps[0]?.runId ?? "", /^[0-9a-f]{32}$/);
  });

  it("runs main.py and says what the server says where something is missing", async () => {
    const missing = await session.steps(session.batch({ build: "*", exec: "*" }));
    assert.deepEqual(missing[1]?.console, [
      ["stderr", 'python-kernel: python-kernel: skipping the build phase due to missing "setup.py" file\n'],
    ]);
    assert.deepEqual(missing[2]?.console, [
      ["stderr", 'python-kernel: python-kernel: cannot find the main script ("main.py").\n'],
    ]);
    assert.equal(missing[2]?.exitCode, 127);
    session.write("main.py", "import sys, os\nprint(sys.argv, os.getcwd())\nsys.exit(5)");
    assert.deepEqual(await session.runBatch({ exec: "*" }), {
      exitCode: 5,
      console: [["stdout", `['main.py'] ${session.folder}\n`]],
    });
  });

  it("does not execute after a failed build", async () => {
    const steps = await session.steps(
      session.batch({ clean: "echo c", build: "echo bad >&2; exit 3", exec: "echo no" }),
    );
    assert.deepEqual(
      steps.map(({ status, exitCode, console }) => [status, exitCode, console]),
      [
        ["clean-finished", 0, [["stdout", "c\n"]]],
        ["build-finished", 3, [["stderr", "bad\n"]]],
        ["finished", 127, []],
      ],
    );
  });

  it("prefers a Makefile", async () => {
    session.write("Makefile", "all:\n\t@echo made\n");
    assert.equal(textOf((await session.runBatch({ build: "*" })).console), "made\n");
  });

  it("asks for input of Python programs, also inside a shell command", async () => {
    session.write(
      "main.py",
      "import getpass\nn = input('Name? ')\nprint('Hi', n)\nprint(getpass.getpass('P? '))",
    );
    const [, , waiting] = [
      await session.batch({ exec: "cd . && python3 main.py" }, "b1"),
      await session.continue("b1"),
      await session.continue("b1"),
    ];
    assert.deepEqual(
      [waiting.status, waiting.options, waiting.console],
      ["waiting-input", {}, [["stdout", "Name? "]]],
    );
    const second = await session.input("b1", "Batch");
    assert.deepEqual(second.console, [["stdout", "Hi Batch\nP? "]]);
    assert.deepEqual([second.status, second.options], ["waiting-input", { is_password: true }]);
    assert.equal(textOf((await session.input("b1", "s")).console), "s\n");
    assert.equal(
      textOf((await session.runBatch({ exec: "echo x | python3 -c 'print(input())'" })).console),
      "x\n",
    );
  });

  it("interrupts the whole group; the exit code names the signal", async () => {
    session.write("main.py", "import time\nprint('loop', flush=True)\nwhile True: time.sleep(0.2)\n");
    for (const exec of ["*", "python3 main.py; echo more"]) {
      await session.batch({ exec }, "b2");
      await session.continue("b2");
      await session.until("loop", await session.continue("b2", 20));
      session.execution.interrupt();
      const end = await session.continue("b2");
      assert.deepEqual([end.status, end.exitCode], ["finished", -2]);
      assert.match(textOf(end.console, "stderr"), /KeyboardInterrupt/);
      assert.doesNotMatch(textOf(end.console), /more/);
    }
  });

  it("shows an interrupted question as the program's own line, without ours", async () => {
    session.write("main.py", "name = input('Name? ')\n");
    await session.batch({ exec: "python3 main.py" }, "b4");
    await session.continue("b4");
    assert.equal((await session.continue("b4")).status, "waiting-input");
    session.execution.interrupt();
    const end = await session.continue("b4");
    assert.deepEqual([end.status, end.exitCode], ["finished", -2]);
    const shown = textOf(end.console, "stderr");
    assert.match(shown, /main\.py", line 1, in <module>[^]*KeyboardInterrupt/);
    assert.doesNotMatch(shown, /sitecustomize/);
  });

  it("ends a program that does not listen at the third interrupt", async () => {
    await session.batch({ exec: "trap '' INT; echo go; while :; do :; done" }, "b3");
    await session.continue("b3");
    await session.until("go", await session.continue("b3", 20));
    [1, 2, 3].forEach(() => session.execution.interrupt());
    assert.equal((await session.continue("b3")).exitCode, -9);
  });

  it("finishes though a background process holds the pipes", async () => {
    const started = Date.now();
    const { console } = await session.runBatch({ exec: "sleep 30 & echo done" });
    assert.equal(textOf(console), "done\n");
    assert.ok(Date.now() - started < 1500);
    const noisy = await session.runBatch({ exec: "yes & echo done" });
    assert.equal(noisy.exitCode, 0);
  });

  it("lets scripts open /dev/stdout and /dev/stderr", async () => {
    const { console } = await session.runBatch({ exec: "echo a > /dev/stdout; echo b > /dev/stderr" });
    assert.deepEqual([textOf(console, "stdout"), textOf(console, "stderr")], ["a\n", "b\n"]);
  });

  it("gives the session's environment without the engine's own", async () => {
    process.env["BACKEND_SECRET_KEY"] = "secret";
    process.env["SORNA_SECRET_KEY"] = "secret";
    process.env["VSCODE_IPC_HOOK"] = "secret";
    const other = new TestSession({ environment: { MINE: "yes" } });
    try {
      const env = textOf((await other.runBatch({ exec: "env; pwd; echo $HOME" })).console);
      assert.doesNotMatch(env, /secret/);
      assert.match(env, /^MINE=yes$/m);
      assert.match(env, /^PYTHONUNBUFFERED=1$/m);
      assert.ok(env.includes(`HOME=${other.folder}\n`));
    } finally {
      delete process.env["BACKEND_SECRET_KEY"];
      delete process.env["SORNA_SECRET_KEY"];
      delete process.env["VSCODE_IPC_HOOK"];
      await other.end();
    }
  });

  it("holds back a program that prints faster than it is read, and loses nothing", async () => {
    const count = 6_000_000;
    const first = session.batch({ exec: `seq 1 ${count}` }, "big");
    await first;
    await session.continue("big");
    let size = 0;
    let last = "";
    for (let status = "continued"; status === "continued";) {
      const step = await session.continue("big");
      const text = textOf(step.console);
      size += text.length;
      last = text === "" ? last : text.slice(-10);
      status = step.status;
    }
    assert.equal(size, 46_888_896);
    assert.ok(last.endsWith(`${count}\n`));
  });
});
