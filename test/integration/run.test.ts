import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, sample, shows, terminalOf, until } from "./support.js";

describe("Run current file, on the local engine", () => {
  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    await disconnect();
  });

  it("runs a Python file and shows output, exit code and duration", async () => {
    await run((await open("first.py", 'print("one", 1 + 1)\n')).uri);
    const text = await shows("first.py", /exit code 0/);
    assert.match(text, /\$ python3 -u first\.py {2}· python-[0-9a-f]{4} on Local engine/);
    assert.match(text, /^one 2$/m);
    assert.match(text, /✔ exit code 0 · \d+\.\d s · Enter runs again/);
  });

  it("saves what was typed before it runs", async () => {
    const document = await open("unsaved.py", "print('old')\n");
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 1, 0), "print('new')\n");
    await vscode.workspace.applyEdit(edit);
    await run(document.uri);
    assert.match(await shows("unsaved.py", /exit code/), /^new$/m);
    assert.equal(document.isDirty, false);
  });

  it("runs a buffer that was never saved", async () => {
    const document = await vscode.workspace.openTextDocument({
      language: "python",
      content: "print('loose leaf')",
    });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("backendai.run.file");
    assert.match(await shows("Untitled-1.py", /exit code 0/), /loose leaf/);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("runs the file in the session's copy of its folder, with names that need quoting", async () => {
    const name = "deep folder/it's 안녕.py";
    await run((await open(name, "import os\nprint(os.getcwd().split('/')[-1], __file__)\n")).uri);
    assert.match(await shows(name, /exit code 0/), /deep folder\/it's 안녕\.py$/m);
  });

  it("builds and runs C, and says when the build fails", async () => {
    await run(sample("mandelbrot.c"));
    await shows("mandelbrot.c", /exit code 0/);
    await run((await open("broken.c", "int main(void) { return oops; }\n")).uri);
    const text = await shows("broken.c", /build failed, not run/);
    assert.match(text, /oops/);
  });

  it("runs JavaScript and shell", async () => {
    await run(sample("primes.js"));
    await shows("primes.js", /exit code 0/);
    await run(sample("system.sh"));
    await shows("system.sh", /exit code 0/);
  });

  it("shows the exit code of a program that fails, and its traceback", async () => {
    await run(
      (await open("fails.py", "import sys\nprint('before')\nsys.stderr.write('bad\\n')\nsys.exit(3)\n")).uri,
    );
    const text = await shows("fails.py", /exit code 3/);
    assert.match(text, /before/);
    assert.match(text, /bad/);
    await run((await open("raises.py", "1 / 0\n")).uri);
    assert.match(await shows("raises.py", /✘ exit code 1/), /ZeroDivisionError/);
  });

  it("answers what the program asks, with line editing, and hides passwords", async () => {
    const code =
      "import getpass\nname = input('Name? ')\npw = getpass.getpass('Word? ')\nprint(f'<{name}:{len(pw)}>')\n";
    await run((await open("asks.py", code)).uri);
    await shows("asks.py", /Name\? /);
    terminalOf("asks.py")?.sendText("Adx\x7fa", true);
    await shows("asks.py", /Word\? /);
    terminalOf("asks.py")?.sendText("hidden", true);
    const text = await shows("asks.py", /exit code 0/);
    assert.match(text, /<Ada:6>/);
    assert.doesNotMatch(text, /hidden/);
  });

  it("stops a program by command and by Ctrl-C, and Enter runs it again", async () => {
    await run((await open("endless.py", "import time\nprint('up')\nwhile True: time.sleep(0.1)\n")).uri);
    await shows("endless.py", /^up$/m);
    await vscode.commands.executeCommand("backendai.run.stop");
    await shows("endless.py", /■ stopped/);
    terminalOf("endless.py")?.sendText("\r", false);
    await shows("endless.py", /■ stopped[^]*^up$/m);
    terminalOf("endless.py")?.sendText("\x03", false);
    await shows("endless.py", /■ stopped[^]*■ stopped/);
  });

  it("runs once on a double click", async () => {
    const { uri } = await open("twice.py", "import time\ntime.sleep(0.5)\nprint('ran')\n");
    void run(uri);
    void run(uri);
    const text = await shows("twice.py", /exit code 0/);
    assert.equal(text.match(/^\$ python3/gm)?.length, 1);
  });

  it("keeps all of a large output in order", async () => {
    await run((await open("many.py", "for i in range(900): print(f'line {i}')\n")).uri);
    const text = await shows("many.py", /exit code 0/);
    const lines = [...text.matchAll(/^line (\d+)$/gm)].map((match) => Number(match[1]));
    assert.deepEqual(
      lines,
      Array.from({ length: 900 }, (_, i) => i),
    );
  });

  it("stops what runs when its terminal is closed", async () => {
    const { uri } = await open("closed.py", "import time\nprint('up')\ntime.sleep(60)\n");
    await run(uri);
    await shows("closed.py", /^up$/m);
    terminalOf("closed.py")?.dispose();
    await until("the terminal to be gone", () => terminalOf("closed.py") === undefined || undefined);
    await run((await open("next.py", "print('free again')\n")).uri);
    await shows("next.py", /free again[^]*exit code 0/);
  });
});
