import assert from "node:assert/strict";
import { SessionGoneError } from "../../../../src/run/notebook/cellFailure.js";
import type { Ask } from "../../../../src/run/notebook/cellRun.js";
import { ExecutionCounts } from "../../../../src/run/notebook/executionCounts.js";
import { openServerTarget, type ServerTarget } from "../../../support/serverTarget.js";
import { until } from "../../../support/until.js";
import { cellOf, kernelAt, type RecordedKernel } from "./support/notebookTarget.js";

/** An endless program that says when it is up, for servers that hold output back for 2 s. */
const endless = "import time\nprint('up', flush=True)\nwhile True: time.sleep(0.05)";

const htmlValue =
  "class H:\n  def __repr__(self): return 'as text'\n  def _repr_html_(self): return '<b>as html</b>'\nH()";

describe("NotebookKernel, on a real server", function () {
  this.timeout(60_000);
  let target: ServerTarget;
  let session: { readonly id: string; readonly name: string };

  before(async () => {
    target = await openServerTarget(process.env);
    session = await create("notebook-1");
  });

  after(async () => {
    await target.client.sessions.destroy(session.id, { forced: true }).catch(() => undefined);
    await target.end();
  });

  async function create(name: string): Promise<typeof session> {
    return target.client.sessions.create({ image: target.pythonImage, name });
  }

  function open(options: { ask?: Ask; counts?: ExecutionCounts } = {}): RecordedKernel {
    return kernelAt(() => Promise.resolve({ client: target.client, session }), options);
  }

  it("runs cells in order, with variables that stay and numbers that count", async () => {
    const [one, two, empty, three] = await open().run(
      "x = 20",
      "print('so'); x + 1",
      "  \n",
      "import sys; print(x, file=sys.stderr)",
    );
    assert.deepEqual(
      [one, two, empty, three].map((cell) => cell?.state),
      ["succeeded", "succeeded", "not run", "succeeded"],
    );
    assert.deepEqual([one?.order, two?.order, empty?.order, three?.order], [1, 2, undefined, 3]);
    assert.deepEqual(one?.screen.short, []);
    assert.equal(two?.screen.short.join(""), "out:so\n21");
    assert.deepEqual(three?.screen.short, ["err:20\n"]);
  });

  it("shows an exception as an error after the output before it, and runs no cell behind it", async () => {
    const [bad, never] = await open().run(
      "import sys\nprint('before')\nprint('warned', file=sys.stderr)\n{}['k']",
      "print('never')",
    );
    assert.equal(bad?.state, "failed");
    assert.deepEqual(bad.screen.short, ["out:before\n", "err:warned\n", "error:KeyError:'k'"]);
    const last = bad.screen.outputs.at(-1);
    assert.ok(last?.kind === "error");
    assert.match(
      last.error.stack.replace(/\x1b\[[\d;]*m/g, ""),
      /Traceback \(most recent call last\)[^]*KeyError: 'k'/,
    );
    assert.deepEqual([never?.state, never?.screen.short], ["not run", []]);
  });

  it("takes a syntax error for an error, and a traceback that the program printed itself for none", async () => {
    const { run } = open();
    const [syntax] = await run("def f(:\n  pass");
    assert.deepEqual([syntax?.state, syntax?.screen.short], ["failed", ["error:SyntaxError:invalid syntax"]]);
    const [caught] = await run("import traceback\ntry: 1/0\nexcept ZeroDivisionError: traceback.print_exc()");
    assert.equal(caught?.state, "succeeded");
    assert.match(caught.screen.short.join("\n"), /^err:Traceback[^]*ZeroDivisionError: division by zero\n$/);
  });

  it("says that a program left by itself", async () => {
    const [left] = await open().run("import sys; sys.exit(3)");
    assert.equal(left?.state, "failed");
    assert.match(left.screen.short.at(-1) ?? "", /^error:(SystemExit:3|Exit code 3:)$/);
  });

  it("passes commands of the shell through", async () => {
    const [shell] = await open().run("!echo from the shell");
    assert.equal(shell?.state, "succeeded");
    assert.match(shell.screen.short[0] ?? "", /^out:from the shell\r?\n$/);
  });

  it("asks for lines, hides passwords, and keeps the answers behind their prompts", async () => {
    const asked: unknown[] = [];
    const ask: Ask = (question) => {
      asked.push(question);
      return Promise.resolve(question.isPassword ? "hidden" : "Ada");
    };
    const [cell] = await open({ ask }).run(
      "import getpass\nname = input('Name? ')\npw = getpass.getpass('Word? ')\nprint(f'<{name}:{len(pw)}>')",
    );
    assert.equal(cell?.state, "succeeded");
    assert.deepEqual(asked, [
      { prompt: "Name?", isPassword: false },
      { prompt: "Word?", isPassword: true },
    ]);
    assert.equal(cell.screen.short.join(""), "out:Name? Ada\nWord? ········\n<Ada:6>\n");
  });

  it("takes a closed question for an interrupt", async () => {
    const { run } = open({ ask: () => Promise.resolve(undefined) });
    const [cell] = await run("input('? ')\nprint('went on')");
    assert.equal(cell?.state, "failed");
    assert.match(cell.screen.short.at(-1) ?? "", /^error:KeyboardInterrupt:/);
  });

  it("withdraws a question when the cell is interrupted from elsewhere", async () => {
    let isAsked = false;
    const { kernel } = open({
      ask: (_, signal) =>
        new Promise((resolve) => {
          isAsked = true;
          signal.addEventListener("abort", () => resolve(undefined));
        }),
    });
    const cell = cellOf("input('? ')");
    const end = kernel.execute([cell]);
    await until("the question", () => isAsked);
    kernel.interrupt();
    await end;
    assert.equal(cell.state, "failed");
  });

  it("interrupts the cell that runs, and runs none of those that wait", async () => {
    const { kernel } = open();
    const [first, second, third] = [cellOf(endless), cellOf("print(1)"), cellOf("print(2)")] as const;
    const ends = [kernel.execute([first, second]), kernel.execute([third])];
    await until("the program", () => first.screen.short.includes("out:up\n"));
    kernel.interrupt();
    assert.deepEqual([second.state, third.state], ["not run", "not run"], "at once");
    await Promise.all(ends);
    assert.equal(first.state, "failed");
    assert.match(first.screen.short.at(-1) ?? "", /^error:KeyboardInterrupt:/);
    const [next] = await open().run("'free'");
    assert.deepEqual(next?.screen.short, ["out:'free'"]);
  });

  it("interrupts again a program that did not take the first", async () => {
    const { kernel } = open();
    const cell = cellOf(
      "import time\nprint('up', flush=True)\ntry:\n  while True: time.sleep(0.05)\nexcept KeyboardInterrupt: print('once', flush=True)\nwhile True: time.sleep(0.05)",
    );
    const end = kernel.execute([cell]);
    await until("the program", () => cell.screen.short.join("").includes("up"));
    kernel.interrupt();
    await until("the first interrupt", () => cell.screen.short.join("").includes("once"));
    kernel.interrupt();
    await end;
    assert.equal(cell.state, "failed");
  });

  it("stops, and leaves the session free", async () => {
    const { kernel } = open();
    const cell = cellOf(endless);
    const end = kernel.execute([cell]);
    await until("the program", () => cell.screen.short.includes("out:up\n"));
    await kernel.stop();
    await end;
    assert.equal(cell.state, "failed");
    const [next] = await open().run("1 + 1");
    assert.deepEqual([next?.state, next?.screen.short], ["succeeded", ["out:2"]]);
  });

  it("runs two notebooks in one session one after the other, with one count", async () => {
    const counts = new ExecutionCounts();
    const first = cellOf("import time\nprint('in', flush=True)\ntime.sleep(0.5)\nshared = 7");
    const firstEnd = open({ counts }).kernel.execute([first]);
    await until("the first to run", () => first.state === "running");
    const [second] = await open({ counts }).run("shared");
    await firstEnd;
    assert.deepEqual([first.order, second?.order], [1, 2]);
    assert.deepEqual(second?.screen.short, ["out:7"]);
  });

  it("shows pictures as such", async () => {
    const [png] = await open().run(
      "class P:\n  def _repr_png_(self):\n    import base64\n    return base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')\n  def __repr__(self): return ''\nP()",
    );
    const picture = png?.screen.outputs.find((output) => output.kind === "data");
    assert.ok(picture?.kind === "data");
    assert.equal(picture.mimeType, "image/png");
    assert.equal(Buffer.from(picture.data).toString("latin1", 1, 4), "PNG");
  });

  it("shows HTML, or says that this server can't and turns it off", async () => {
    const { run, failures } = open();
    const [first] = await run(`kept = 5\n${htmlValue}`);
    if (first?.state === "succeeded") {
      assert.deepEqual(first.screen.short, ["text/html"]);
      return;
    }
    assert.equal(failures.length, 1);
    assert.match(
      first?.screen.short.at(-1) ?? "",
      /fails on values that have an HTML form[^]*values as text: run the cell again/,
    );
    const [again] = await run("kept, H()");
    assert.deepEqual(again?.screen.short, ["out:(5, as text)"]);
    const [alone] = await run("H()");
    assert.deepEqual(alone?.screen.short, ["out:as text"]);
  });

  it("keeps a bounded part of a flood, and its end", async () => {
    const [cell] = await open().run("for i in range(60000): print('line', i, 'x' * 60)");
    assert.equal(cell?.state, "succeeded");
    const text = cell.screen.short.join("");
    assert.ok(text.startsWith("out:line 0 x"));
    assert.match(text, /left out/);
    assert.match(text, /line 59999 x+\n$/);
    assert.ok(text.length < 1_200_000, String(text.length));
  });

  it("tells in the cell what went wrong before it began, and runs no other", async () => {
    const { run, failures } = kernelAt(() => Promise.reject(new Error("no way there")));
    const [first, second] = await run("1", "2");
    assert.deepEqual([first?.state, first?.order], ["failed", undefined]);
    assert.deepEqual(first?.screen.short, ["error:Backend.AI:no way there"]);
    assert.equal(second?.state, "not run");
    assert.equal(failures.length, 1);
  });

  it("runs nothing when the question for a session was closed, or the wait for one interrupted", async () => {
    const [closed] = await kernelAt(() => Promise.resolve(undefined)).run("1");
    assert.equal(closed?.state, "not run");
    const { kernel } = kernelAt(() => Promise.reject(new DOMException("cancelled", "AbortError")));
    const cell = cellOf("1");
    await kernel.execute([cell]);
    assert.deepEqual([cell.state, cell.screen.short], ["not run", []]);
  });

  it("refuses a language that no session runs", async () => {
    const cell = cellOf("x", "klingon");
    await open().kernel.execute([cell]);
    assert.match(cell.screen.short[0] ?? "", /Cells of language “klingon” can't be run/);
  });

  it("says that the session is gone, before a cell and under it", async () => {
    const { run, failures, kernel } = open();
    const cell = cellOf(endless);
    const end = kernel.execute([cell]);
    await until("the program", () => cell.screen.short.includes("out:up\n"));
    await target.client.sessions.destroy(session.id, { forced: true });
    await end;
    assert.equal(cell.state, "failed");
    assert.match(cell.screen.short.at(-1) ?? "", /Session notebook-1 is gone, and the variables/);
    const [after] = await run("1");
    assert.match(after?.screen.short.at(-1) ?? "", /Session notebook-1 is gone/);
    assert.ok(failures.length === 2 && failures.every((error) => error instanceof SessionGoneError));
  });
});
