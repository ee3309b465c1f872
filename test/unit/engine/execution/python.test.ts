import assert from "node:assert/strict";
import { collectGarbage } from "../../../support/collectGarbage.js";
import { until } from "../../../support/until.js";
import { isAlive, TestSession, textOf } from "./harness.js";

const pixel = "iVBORw0KGgo=";

describe("Python queries", () => {
  let session: TestSession;
  before(() => (session = new TestSession()));
  after(() => session.end());

  it("keeps variables and shows the last expression without a line end", async () => {
    assert.deepEqual(await session.run("a = 41\nprint(a)"), { exitCode: 0, console: [["stdout", "41\n"]] });
    assert.deepEqual(await session.run("a += 1\na"), { exitCode: 0, console: [["stdout", "42"]] });
    assert.deepEqual(await session.run("a;"), { exitCode: 0, console: [] });
    assert.deepEqual(await session.run(""), { exitCode: 0, console: [] });
  });

  it("keeps the order of stdout, stderr, child processes and pictures", async () => {
    const { console } = await session.run(
      [
        "import sys, subprocess",
        "class P:\n  def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n'",
        "for i in range(20):",
        "  print('o%d' % i); print('e%d' % i, file=sys.stderr)",
        "subprocess.run('echo c1; sleep 0.02; echo c2 >&2', shell=True)",
        "print('o20'); display(P()); print('e21', file=sys.stderr)",
      ].join("\n"),
    );
    const expected = Array.from({ length: 20 }, (_, i) => [
      ["stdout", `o${i}\n`],
      ["stderr", `e${i}\n`],
    ]).flat();
    assert.deepEqual(console, [
      ...expected,
      ["stdout", "c1\n"],
      ["stderr", "c2\n"],
      ["stdout", "o20\n"],
      ["media", ["image/png", `data:image/png;base64,${pixel}`]],
      ["stderr", "e21\n"],
    ]);
  });

  it("shows values that know how to show themselves", async () => {
    const define = (method: string, body: string): string =>
      `class V:\n  def ${method}(self): return ${body}\nV()`;
    assert.deepEqual((await session.run(define("_repr_svg_", "'<svg/>'"))).console, [
      ["media", ["image/svg+xml", "<svg/>"]],
    ]);
    assert.deepEqual((await session.run(define("_repr_html_", "'<b>x</b>'"))).console, [
      ["html", "<b>x</b>"],
    ]);
    assert.deepEqual((await session.run(define("_repr_html_", "1/0") + "; 5")).console, [["stdout", "5"]]);
  });

  it("sends matplotlib's open figures at show and at the end of a run", async () => {
    session.write(
      "fake.py",
      [
        "import sys, types",
        "figures = []",
        "m = types.ModuleType('matplotlib'); m.__path__ = ['matplotlib']; sys.modules['matplotlib'] = m",
      ].join("\n"),
    );
    await session.run(
      "import os; os.mkdir('matplotlib'); open('matplotlib/__init__.py','w').close()\n" +
        "open('matplotlib/pyplot.py','w').write('''\nopen_figures = []\nbackend = None\n" +
        "class F:\n  def __init__(self, n): self.n = n\n  def savefig(self, f, **k): f.write(b'P%d' % self.n)\n" +
        "def switch_backend(b):\n  global backend\n  backend = b\n" +
        "def figure(n=None):\n  n = n or len(open_figures) + 1\n  n in open_figures or open_figures.append(n)\n  return F(n)\n" +
        "def get_fignums(): return list(open_figures)\n" +
        "def close(_): open_figures.clear()\n" +
        "def show(): raise RuntimeError\n''')",
    );
    const { console } = await session.run(
      "import matplotlib.pyplot as plt\nplt.figure(); print('a'); plt.show(); print(plt.backend); plt.figure();",
    );
    const picture = ["media", ["image/png", "data:image/png;base64,UDE="]];
    assert.deepEqual(console, [["stdout", "a\n"], picture, ["stdout", "Agg\n"], picture]);
  });

  it("shows tracebacks in colour and without its own frames", async () => {
    const { exitCode, console } = await session.run("def f():\n  1/0\nf()");
    const text = textOf(console, "stderr");
    assert.equal(exitCode, 1);
    assert.match(text, /\x1b\[31mZeroDivisionError\x1b\[39m: division by zero/);
    assert.match(text, /line \x1b\[32m2\x1b\[39m, in f/);
    assert.doesNotMatch(text, /runner|cell\.py/);
    assert.match(textOf((await session.run("x =")).console), /SyntaxError/);
  });

  it("gives the exit code that the dialect asks for", async () => {
    assert.equal((await session.run("import sys; sys.exit(3)")).exitCode, 3);
    assert.deepEqual(await session.run("sys.exit('why')"), { exitCode: 1, console: [["stderr", "why\n"]] });
    const quiet = await session.execution.execute(
      { mode: "query", code: "1/0", runId: null, exceptionExitCode: 0 },
      2000,
    );
    assert.deepEqual([quiet.status, quiet.exitCode], ["finished", 0]);
  });

  it("asks for input and for passwords", async () => {
    const first = await session.query(
      "import getpass\nn = input('Name? ')\np = getpass.getpass()\nprint(n, p)",
      "in1",
    );
    assert.deepEqual(
      [first.status, first.options, first.exitCode, first.console],
      ["waiting-input", { is_password: false }, null, [["stdout", "Name? "]]],
    );
    const second = await session.input("in1", "Bob");
    assert.deepEqual([second.status, second.options], ["waiting-input", { is_password: true }]);
    const third = await session.input("in1", "päss");
    assert.deepEqual([third.status, third.console], ["finished", [["stdout", "Bob päss\n"]]]);
  });

  it("interrupts a loop, a question, and code that has hardly begun", async () => {
    const loop = await session.execution.execute(
      { mode: "query", code: "import time\nprint('go')\nwhile True: time.sleep(0.01)", runId: "i1" },
      20,
    );
    await session.until("go", loop);
    session.execution.interrupt();
    const end = await session.continue("i1");
    assert.deepEqual([end.status, end.exitCode], ["finished", 1]);
    assert.match(textOf(end.console), /KeyboardInterrupt/);

    assert.equal((await session.query("input()", "i2")).status, "waiting-input");
    session.execution.interrupt();
    assert.equal((await session.continue("i2")).status, "finished");

    const early = session.query("while True: pass", "i3");
    await new Promise<void>((resolve) => setImmediate(resolve));
    session.execution.interrupt();
    assert.equal((await early).status, "finished");
    assert.deepEqual((await session.run("a")).console, [["stdout", "42"]]);
  });

  it("awaits at the top level", async () => {
    assert.deepEqual((await session.run("import asyncio\nawait asyncio.sleep(0.01)\n5")).console, [
      ["stdout", "5"],
    ]);
  });

  it("runs commands of notebooks", async () => {
    const { console } = await session.run("%matplotlib inline\n!echo from shell\nprint('py')");
    assert.deepEqual(console, [["stdout", "from shell\npy\n"]]);
  });

  it("completes full dotted words from the live namespace", async () => {
    await session.run("import os");
    assert.ok((await session.execution.complete("import os\nos.pa", {})).includes("os.path"));
    const words = await session.execution.complete("x = os.pa + 1", {
      row: 0,
      col: 9,
      line: "x = os.pa",
      post: " + 1",
    });
    assert.ok(words.includes("os.path"));
  });

  it("gives up a completion that takes too long, for the run behind it too", async function () {
    this.timeout(20_000);
    await session.run(
      "class Slow:\n  def __dir__(self):\n    import time\n    time.sleep(60)\nslow = Slow()",
    );
    const words = session.execution.complete("slow.", { row: 0, col: 5 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const behind = session.run("print('here')");
    assert.deepEqual(await words, []);
    assert.deepEqual(await behind, { exitCode: 0, console: [["stdout", "here\n"]] });
  });

  it("keeps nothing of questions that were answered", async () => {
    const ask = async (): Promise<WeakRef<object>> => {
      const options = { row: 0, col: 4 };
      await session.execution.complete("name", options);
      return new WeakRef(options);
    };
    const asked = [await ask(), await ask(), await ask()];
    await session.run("0");
    await ask(); // the newest of each may be at hand still
    await until("their memory to be free", () => {
      collectGarbage();
      return asked.every((options) => options.deref() === undefined);
    });
  });

  it("completes what has not run yet where jedi is there", async function () {
    if ((await session.run("import jedi")).exitCode !== 0) {
      this.skip(); // this computer's Python has no jedi
    }
    const words = async (): Promise<string[]> => session.execution.complete("import zlib\nzlib.compr", {});
    const end = Date.now() + 15_000; // its first answer reads the standard library
    while ((await words()).length === 0 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(await words(), ["zlib.compress", "zlib.compressobj"]);
  });

  it("survives forks and threads of the program", async () => {
    const { console } = await session.run(
      "import os, sys, threading\npid = os.fork()\nif pid == 0:\n  print('child'); print('x', file=sys.stderr)\nelse:\n  os.waitpid(pid, 0); print('parent')",
    );
    assert.equal(textOf(console, "stdout"), "child\nparent\n");
    await session.run(
      "t = threading.Thread(target=lambda: [print(i, file=(sys.stdout, sys.stderr)[i % 2]) for i in range(500)])\nt.start()\nfor i in range(500): print(i)\nt.join()",
    );
    assert.deepEqual((await session.run("a")).console, [["stdout", "42"]]);
  });

  it("decodes split characters whole and replaces invalid bytes", async () => {
    const { console } = await session.run(
      "import os, time\nfor b in '한글🐍'.encode(): os.write(1, bytes([b])); time.sleep(0.002)\nos.write(1, b'\\xff.');",
    );
    assert.deepEqual(console, [["stdout", "한글🐍\uFFFD."]]);
  });

  it("loses nothing of a very long line and of much output", async () => {
    const { console } = await session.run("print('x' * 30_000_000)");
    assert.equal(textOf(console).length, 30_000_001);
  });

  it("finishes with a note when the interpreter dies, and starts another one", async () => {
    const pid = Number(textOf((await session.run("os.getpid()")).console));
    const { exitCode, console } = await session.run("print('last words', end='')\nos._exit(4)");
    assert.equal(exitCode, 4);
    assert.equal(textOf(console, "stdout"), "last words");
    assert.match(textOf(console, "stderr"), /interpreter ended \(exit code 4\)/);
    assert.equal(isAlive(pid), false);
    const killed = await session.run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)");
    assert.equal(killed.exitCode, -11);
    assert.match(textOf((await session.run("a")).console), /NameError/);
  });
});
