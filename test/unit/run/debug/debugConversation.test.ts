import assert from "node:assert/strict";
import path from "node:path";
import { recordOf, arrayOf } from "../../../../src/run/debug/dap/messages.js";
import { until } from "../../../support/until.js";
import type { DebugClient } from "./support/debugClient.js";
import { localFolder, withDebugTarget } from "./support/debugTarget.js";

/** The beginning of a program that no polite signal ends. */
const deaf = "import signal\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\n";

const here = (name: string): string => path.posix.join(localFolder, name);

describe("debugging a file in a session", () => {
  const target = withDebugTarget();

  it("stops at a breakpoint of the local file, shows variables, and tells the exit code", async () => {
    await target().write("stops.py", "import sys\nnumber = 6 * 7\nprint('it is', number)\nsys.exit(3)\n");
    const { client, screen } = target().debug("stops.py");
    await client.launch({ [here("stops.py")]: [3] });
    const { threadId, reason } = await client.event("stopped");
    assert.equal(reason, "breakpoint");
    const [frame] = await frames(client, threadId);
    assert.equal(recordOf(frame?.["source"])["path"], here("stops.py"));
    assert.equal(frame?.["line"], 3);
    assert.equal(await variable(client, frame?.["id"], "number"), "42");
    await client.ask("continue", { threadId });
    assert.deepEqual((await client.event("exited"))["exitCode"], 3);
    await client.event("terminated");
    await until("the last line", () => /exit code 3/.test(screen.text));
    assert.match(screen.text, /^it is 42\r\n.*exit code 3/m);
    assert.match(client.console, /stops\.py ended with exit code 3\./);
    assert.doesNotMatch(client.console, /it is 42/, "the output is shown once");
    await client.leave();
  });

  it("gives the program a terminal that it can ask on", async () => {
    await target().write("asks.py", "import sys\nprint(f'<{input()}>', sys.stdin.isatty(), sys.argv[1:])\n");
    const { client, screen } = target().debug("asks.py", { args: ["a b", "*"] });
    await client.launch();
    const keyboard = await until("a keyboard", () => screen.keyboard);
    keyboard.input("안녕\r");
    await client.event("terminated");
    await until("the end", () => /exit code 0/.test(screen.text));
    assert.match(screen.text, /<안녕> True \['a b', '\*'\]/);
    assert.equal(screen.keyboard, undefined);
    await client.leave();
  });

  it("shows output in the debug console instead, where nothing can be typed", async () => {
    const code = "import os\nos.system('echo from a child')\nprint('from Python')\ninput('? ')\n";
    await target().write("console.py", code);
    const { client, screen } = target().debug("console.py", { console: "internalConsole" });
    await client.launch();
    assert.deepEqual((await client.event("exited"))["exitCode"], 1);
    await client.event("terminated");
    assert.equal(client.console.match(/from Python/g)?.length, 1);
    assert.match(client.console, /from a child/);
    assert.match(client.console, /EOFError/);
    assert.equal(screen.text, "");
    await client.leave();
  });

  it("ends the program when it is stopped, at a breakpoint, computing, or deaf to signals", async () => {
    for (const [name, head, breakpoints] of [
      ["paused.py", "", { [here("paused.py")]: [3] }],
      ["busy.py", "", {}],
      ["deaf.py", deaf, {}],
    ] as const) {
      await target().write(name, endless(name, head));
      const { client } = target().debug(name);
      await client.launch(breakpoints);
      await running(name);
      await client.ask("terminate");
      await client.event("terminated");
      await client.leave();
      await ended(name);
    }
  });

  it("leaves nothing running when the connection or VS Code goes without a word", async () => {
    for (const [name, head, console] of [
      ["cut.py", "", "integratedTerminal"],
      ["cut-deaf.py", deaf, "integratedTerminal"],
      ["cut-console.py", deaf, "internalConsole"],
    ] as const) {
      await target().write(name, endless(name, head));
      const { client, ssh, conversation } = target().debug(name, { console });
      await client.launch();
      await running(name);
      ssh.dispose();
      await client.event("terminated");
      assert.match(client.console, /The connection to the session was lost/);
      await ended(name);
      conversation.dispose();
    }
  });

  it("ends the program when its terminal is closed, also one that is deaf to that", async () => {
    await target().write("closed.py", endless("closed.py", deaf));
    const { client, screen, conversation } = target().debug("closed.py");
    await client.launch();
    await running("closed.py");
    screen.keyboard?.close();
    await client.event("terminated");
    await ended("closed.py");
    assert.doesNotMatch(client.console, /lost/);
    conversation.dispose();
  });

  it("debugs two programs at once, and the same again at once after a stop", async () => {
    await target().write("first.py", endless("first.py"));
    await target().write("second.py", endless("second.py"));
    const first = target().debug("first.py");
    const second = target().debug("second.py");
    await Promise.all([
      first.client.launch({ [here("first.py")]: [3] }),
      second.client.launch({ [here("second.py")]: [3] }),
    ]);
    await Promise.all([first.client.event("stopped"), second.client.event("stopped")]);
    await first.client.leave();
    const again = target().debug("first.py");
    await again.client.launch({ [here("first.py")]: [3] });
    await again.client.event("stopped");
    await again.client.leave();
    await second.client.leave();
    await Promise.all([ended("first.py"), ended("second.py")]);
  });

  it("opens files that are in the session alone, in its home and in libraries", async () => {
    await target().write("lonely.py", "def call(f):\n    f()\n");
    await target().write(
      "calls.py",
      "import lonely, json.decoder as d\ndef f():\n    d.JSONDecoder(object_hook=print).decode('{}')\nlonely.call(f)\n",
    );
    const { client } = target().debug("calls.py", { justMyCode: false }, (path) => !path.includes("lonely"));
    await client.ask("initialize", { adapterID: "backendai", pathFormat: "path", linesStartAt1: true });
    const launching = client.say("launch");
    await client.event("initialized");
    await client.ask("setFunctionBreakpoints", { breakpoints: [{ name: "decode" }] });
    await client.ask("setBreakpoints", { source: { path: here("calls.py") }, breakpoints: [{ line: 3 }] });
    await client.ask("configurationDone");
    await client.answer(launching);
    const { threadId } = await client.event("stopped");
    await client.ask("stepIn", { threadId });
    await client.event("stopped", 2);
    const all = await frames(client, threadId);
    const texts = new Map<string, unknown>();
    for (const frame of all) {
      const source = recordOf(frame["source"]);
      const { sourceReference, path: file } = source;
      if (Number(sourceReference ?? 0) > 0) {
        const { content } = await client.ask("source", { source, sourceReference });
        texts.set(path.posix.basename(String(file)), content);
      } else {
        assert.equal(file, here("calls.py"));
      }
    }
    assert.equal(texts.get("lonely.py"), "def call(f):\n    f()\n");
    assert.match(String(texts.get("decoder.py")), /class JSONDecoder/);
    await client.leave();
  });

  it("runs without debugging, and lets child processes run", async () => {
    const code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1 + 1)'])\n";
    await target().write("parent.py", code);
    const { client, screen } = target().debug("parent.py");
    await client.ask("initialize", { adapterID: "backendai" });
    await client.ask("launch", { noDebug: true });
    assert.deepEqual((await client.event("exited"))["exitCode"], 0);
    await client.leave();
    const debugged = target().debug("parent.py");
    await debugged.client.launch();
    assert.deepEqual((await debugged.client.event("exited"))["exitCode"], 0);
    await until("the child", () => /^2\r$/m.test(debugged.screen.text) && /^2\r$/m.test(screen.text));
    await debugged.client.leave();
  });

  it("offers a child process to be debugged, where that is wanted, by the adapter of its parent", async () => {
    await target().write("child.py", "value = 'of the child'\nprint(value)\n");
    await target().write(
      "forks.py",
      "import subprocess, sys\nsubprocess.run([sys.executable, 'child.py'])\n",
    );
    const { client, screen, conversation } = target().debug("forks.py", { subProcess: true });
    await client.launch({}, {}, { supportsStartDebuggingRequest: true });
    const asked = await client.asked("startDebugging");
    client.reply(asked);
    const { configuration } = recordOf(asked.arguments);
    const { port } = recordOf(recordOf(configuration)["connect"]);
    const child = target().attach(conversation, Number(port));
    await child.launch({ [here("child.py")]: [2] }, configuration, { start: "attach" });
    const { threadId } = await child.event("stopped");
    const [frame] = await frames(child, threadId);
    assert.equal(recordOf(frame?.["source"])["path"], here("child.py"));
    assert.equal(await variable(child, frame?.["id"], "value"), "'of the child'");
    await child.ask("continue", { threadId });
    await child.event("terminated");
    await client.event("terminated");
    await until("the child's output", () => /of the child/.test(screen.text));
    await client.leave();
  });

  /** Line 3 comes again and again, after its process has left its number in a file. */
  const endless = (name: string, head = ""): string =>
    `import os, time; open('${name}.pid', 'w').write(str(os.getpid()))\nwhile True:\n    time.sleep(0.01)\n`.replace(
      /^/,
      head === "" ? "" : `exec(${JSON.stringify(head)}); `,
    );

  const running = (name: string): Promise<unknown> =>
    until(`${name} to run`, async () => /^\d+$/.test(await target().programs.run(`cd; cat ${name}.pid`)));

  const ended = (name: string): Promise<unknown> =>
    until(`${name} to end`, async () => {
      const alive = await target().programs.run(`cd; kill -0 $(cat ${name}.pid) 2>/dev/null && echo alive`);
      return alive === "";
    });
});

type Properties = Readonly<Record<string, unknown>>;

async function frames(client: DebugClient, threadId: unknown): Promise<readonly Properties[]> {
  const { stackFrames } = await client.ask("stackTrace", { threadId });
  return arrayOf(stackFrames).map(recordOf);
}

async function variable(client: DebugClient, frameId: unknown, name: string): Promise<unknown> {
  const { scopes } = await client.ask("scopes", { frameId });
  const { variablesReference } = recordOf(arrayOf(scopes)[0]);
  const { variables } = await client.ask("variables", { variablesReference });
  return arrayOf(variables)
    .map(recordOf)
    .find((v) => v["name"] === name)?.["value"];
}
