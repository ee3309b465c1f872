import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, sample, terminalText, until } from "./support.js";

/** As a person writes them; a label is also the terminal's name. VS Code takes those of one definition for one task. */
const tasks = [
  { label: "fine", file: "${workspaceFolder}/fine.py" },
  { label: "open file", file: "${file}" },
  { label: "fails", file: "deep/fails.py" },
  { label: "unbuilt", file: "unbuilt.c" },
  { label: "dies", file: "dies.py" },
  { label: "asks", file: "asks.py" },
  {
    label: "told",
    file: "told.py",
    args: ["two words", "it's", "$HOME", "${workspaceFolderBasename}"],
    env: { GREETING: "hello ${workspaceFolderBasename}", LEVEL: 3 },
  },
  {
    label: "own words",
    file: "notes.txt",
    clean: "echo clean",
    build: "echo build",
    exec: "echo ran",
    args: "$((1 + 1))",
  },
  { label: "endless", file: "endless.py" },
  { label: "cut", file: "cut.py", args: ["${workspaceFolder}/cut.txt"] },
  { label: "missing", file: "nowhere.py" },
  { label: "folder", file: "deep" },
  { label: "prose", file: "README.md" },
  { label: "wrong", file: "fine.py", args: { a: 1 } },
  { label: "no session", file: "fine.py", session: "no-such-session" },
  { label: "named", file: "told.py", session: "${input:session}" },
  {
    label: "matched",
    file: "matched.py",
    problemMatcher: {
      owner: "tasks-test",
      fileLocation: ["relative", "${workspaceFolder}"],
      pattern: { regexp: "^(\\S+):(\\d+): (.*)$", file: 1, line: 2, message: 3 },
    },
  },
  { label: "after fine", dependsOn: ["fine"], dependsOrder: "sequence", file: "told.py", args: "1" },
  { label: "after failure", dependsOn: ["fails"], dependsOrder: "sequence", file: "told.py", args: "2" },
].map((task) => ({ type: "backendai", problemMatcher: [], ...task }));

const files: Readonly<Record<string, string>> = {
  "fine.py": "print('fine')\n",
  "deep/fails.py": "import sys\nprint('before')\nsys.exit(3)\n",
  "deep/offered.py": "raise SystemExit(4)\n",
  "unbuilt.c": "int main(void) { return oops; }\n",
  "dies.py": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
  "asks.py": "print(f\"<{input('Name? ')}>\")\n",
  "told.py": "import os, sys\nprint(sys.argv[1:], os.environ.get('GREETING'), os.environ.get('LEVEL'))\n",
  "notes.txt": "not run itself\n",
  "endless.py": "import time\nprint('up')\nwhile True: time.sleep(0.1)\n",
  "cut.py":
    "import sys, time\nprint('cut me')\ntry:\n  while True: time.sleep(0.1)\nexcept KeyboardInterrupt:\n  open(sys.argv[1], 'w').write('cut')\n",
  "matched.py": "print('fine.py:1: no docstring')\n",
};

describe("Tasks, on the local engine", () => {
  const ends = new Map<string, number | undefined>();
  let listener: vscode.Disposable;

  before(async function () {
    this.timeout(60_000);
    listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) =>
      ends.set(execution.task.name, exitCode),
    );
    const encoder = new TextEncoder();
    for (const [name, content] of Object.entries(files)) {
      await vscode.workspace.fs.writeFile(sample(name), encoder.encode(content));
    }
    const inputs = [{ id: "session", type: "command", command: "test.sessionName" }];
    const text = JSON.stringify({ version: "2.0.0", tasks, inputs });
    await vscode.workspace.fs.writeFile(sample(".vscode/tasks.json"), encoder.encode(text));
    await until(
      "the tasks of tasks.json",
      async () => (await find("after failure")) !== undefined || undefined,
    );
  });

  after(async () => {
    listener.dispose();
    await vscode.workspace.fs.delete(sample(".vscode/tasks.json"));
    await disconnect();
  });

  it("stop on Ctrl-C before the program has begun", async () => {
    await start("endless");
    await until("its terminal", () => terminal("endless"));
    terminal("endless")?.sendText("\x03", false);
    assert.equal(await ended("endless"), 130);
    await textOf("endless", /■ stopped/);
  });

  it("are offered for the file of the active editor, if it can be run", async () => {
    await open("deep/offered.py");
    const [offered] = (await vscode.tasks.fetchTasks({ type: "backendai" })).filter(
      ({ name }) => name === "Run offered.py",
    );
    assert.deepEqual({ ...offered?.definition }, { type: "backendai", file: "deep/offered.py" });
    assert.ok(offered);
    assert.equal(await exitCodeOf(offered), 4);
    await open("notes.txt");
    assert.equal(await find("Run notes.txt"), undefined);
  });

  it("show what a run shows, and end with the program's exit code", async () => {
    assert.equal(await exitCode("fine"), 0);
    const text = await textOf("fine", /exit code 0/);
    assert.match(text, /\$ python3 -u fine\.py {2}· python-[0-9a-f]{4} on Local engine/);
    assert.match(text, /^fine$/m);
    assert.doesNotMatch(text, /Enter runs again/);
    assert.equal(await exitCode("fails"), 3);
    assert.doesNotMatch(await textOf("fails", /exit code 3/), /failed to launch/);
  });

  it("run the file of the active editor", async () => {
    await open("fine.py");
    assert.equal(await exitCode("open file"), 0);
  });

  it("answer what the program asks", async () => {
    await start("asks");
    await textOf("asks", /Name\? /);
    terminal("asks")?.sendText("Ada", true);
    assert.equal(await ended("asks"), 0);
    assert.match(await textOf("asks", /exit code 0/), /<Ada>/);
  });

  it("hand arguments and variables over as they are written", async () => {
    assert.equal(await exitCode("told"), 0);
    assert.match(
      await textOf("told", /exit code 0/),
      /\['two words', "it's", '\$HOME', 'samples'\] hello samples 3/,
    );
  });

  it("run commands of one's own", async () => {
    assert.equal(await exitCode("own words"), 0);
    assert.match(await textOf("own words", /exit code 0/), /^clean\nbuild\nran 2$/m);
  });

  for (const carrier of ["api", "ssh"]) {
    describe(`by ${carrier}`, () => {
      const setting = vscode.workspace.getConfiguration("backendai.run");

      before(async () => {
        await setting.update("connection", carrier, vscode.ConfigurationTarget.Workspace);
      });

      after(async () => {
        await setting.update("connection", undefined, vscode.ConfigurationTarget.Workspace);
      });

      it("end with the compiler's code where the build fails, and with 128 + n for signal n", async () => {
        assert.equal(await exitCode("unbuilt"), 1);
        assert.match(await textOf("unbuilt", /build failed, not run/), /oops/);
        assert.equal(await exitCode("dies"), 137);
      });

      it("stop on Ctrl-C with the code of an interrupt", async () => {
        await start("endless");
        await textOf("endless", /^up$/m);
        terminal("endless")?.sendText("\x03", false);
        assert.equal(await ended("endless"), 130);
        await textOf("endless", carrier === "api" ? /■ stopped/ : /exit code 130 \(interrupt\)/);
      });

      it("take the program along when they are terminated, or their terminal is closed", async () => {
        for (const end of [
          (run: vscode.TaskExecution) => run.terminate(),
          () => terminal("cut")?.dispose(),
        ]) {
          const run = await start("cut");
          await textOf("cut", /^cut me$/m);
          end(run);
          await ended("cut");
          await until("the program to be interrupted", async () => {
            const bytes = await vscode.workspace.fs
              .readFile(sample("cut.txt"))
              .then(undefined, () => undefined);
            return new TextDecoder().decode(bytes) === "cut" || undefined;
          });
          await vscode.workspace.fs.delete(sample("cut.txt"));
        }
        assert.equal(await exitCode("fine"), 0, "the session is free again");
      });
    });
  }

  const refusals: readonly [label: string, words: RegExp][] = [
    ["missing", /✘ There is no file “nowhere\.py”\./],
    ["folder", /✘ “deep” is a folder\./],
    ["prose", /✘ Files of language “markdown” can't be run\. These can: Python/],
    ["wrong", /✘ “args” of the task must be a text or a list/],
    ["no session", /✘ There is no session “no-such-session”\. These run: .*python-[0-9a-f]{4}/],
  ];
  for (const [label, words] of refusals) {
    it(`say in the terminal what is wrong, and end with 1: ${label}`, async () => {
      assert.equal(await exitCode(label), 1);
      await textOf(label, words);
    });
  }

  it("run in the session that they name", async () => {
    assert.equal(await exitCode("fine"), 0);
    const name = /· (python-[0-9a-f]{4}) on/.exec(await textOf("fine", /exit code 0/))?.[1];
    const command = vscode.commands.registerCommand("test.sessionName", () => name);
    try {
      assert.equal(await exitCode("named"), 0);
      assert.ok((await textOf("named", /exit code 0/)).includes(`· ${name} on`));
    } finally {
      command.dispose();
    }
  });

  it("feed problem matchers", async () => {
    assert.equal(await exitCode("matched"), 0);
    const [problem] = await until("the problem", () => {
      const problems = vscode.languages.getDiagnostics(sample("fine.py"));
      return problems.length > 0 ? problems : undefined;
    });
    assert.equal(problem?.message, "no docstring");
  });

  it("wait for others, and do not run after one that failed", async () => {
    ends.delete("fine");
    assert.equal(await exitCode("after fine"), 0);
    assert.equal(ends.get("fine"), 0);
    ends.clear();
    const failing = await task("after failure");
    await vscode.tasks.executeTask(failing).then(undefined, () => undefined);
    assert.equal(await ended("fails"), 3);
    assert.equal(await exitCode("fine"), 0, "VS Code goes on with other tasks");
    assert.ok(!ends.has("after failure"));
  });

  async function find(label: string): Promise<vscode.Task | undefined> {
    return (await vscode.tasks.fetchTasks()).find(({ name }) => name === label);
  }

  async function task(label: string): Promise<vscode.Task> {
    const found = await find(label);
    assert.ok(found, `the task “${label}”`);
    return found;
  }

  async function start(label: string): Promise<vscode.TaskExecution> {
    ends.delete(label);
    return vscode.tasks.executeTask(await task(label));
  }

  async function exitCodeOf(found: vscode.Task): Promise<number | undefined> {
    ends.delete(found.name);
    await vscode.tasks.executeTask(found);
    return ended(found.name);
  }

  async function exitCode(label: string): Promise<number | undefined> {
    return exitCodeOf(await task(label));
  }

  async function ended(label: string): Promise<number | undefined> {
    await until(`the end of “${label}”`, () => ends.has(label) || undefined);
    return ends.get(label);
  }

  function terminal(label: string): vscode.Terminal | undefined {
    return vscode.window.terminals.find(({ name }) => name.endsWith(label));
  }

  async function textOf(label: string, expected: RegExp): Promise<string> {
    let shown = "";
    return until(`${String(expected)} in the terminal of “${label}”`, async () => {
      const found = terminal(label);
      shown = found ? await terminalText(found) : "";
      return expected.test(shown) ? shown : undefined;
    }).catch((error: unknown) => assert.fail(`${String(error)}; it shows:\n${shown}`));
  }
});
