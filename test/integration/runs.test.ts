import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, terminalOf, until } from "./support.js";

/** Runs of the view, as the extension's own commands take them. */
async function waitForTerminal(file: string): Promise<vscode.Terminal> {
  return until(`the terminal of ${file}`, () => terminalOf(file));
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describe("Runs over ssh, in the background, and afterwards", () => {
  const settings = vscode.workspace.getConfiguration("backendai");

  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
    await settings.update("run.connection", "ssh", vscode.ConfigurationTarget.Global);
  });

  after(async () => {
    await settings.update("run.connection", undefined, vscode.ConfigurationTarget.Global);
    await disconnect();
  });

  it("gives a program a terminal of the panel's size, and its keys", async () => {
    const code =
      "import os, sys\nprint(sys.stdout.isatty(), os.get_terminal_size().columns > 20)\nprint('<' + input('? ') + '>')\n";
    await run((await open("tty.py", code)).uri);
    await shows("tty.py", /True True[^]*\? /);
    (await waitForTerminal("tty.py")).sendText("Ada", true);
    assert.match(await shows("tty.py", /exit code 0/), /<Ada>/);
  });

  it("stops by Ctrl-C as a terminal does", async () => {
    await run((await open("ctrlc.py", "import time\nprint('up')\ntime.sleep(60)\n")).uri);
    await shows("ctrlc.py", /^up$/m);
    terminalOf("ctrlc.py")?.sendText("\x03", false);
    assert.match(await shows("ctrlc.py", /exit code 1|exit code 130/), /KeyboardInterrupt/);
  });

  it("leaves a run to itself, and follows it again from its first line", async () => {
    await run(
      (await open("left.py", "import time\nprint('begun', flush=True)\ntime.sleep(3)\nprint('done')\n")).uri,
    );
    await shows("left.py", /^begun$/m);
    await vscode.commands.executeCommand("backendai.run.leave");
    await shows("left.py", /goes on in the session/);
    terminalOf("left.py")?.dispose();
    await until("the terminal to be gone", () => terminalOf("left.py") === undefined || undefined);
    await vscode.commands.executeCommand("backendai.runs.find");
  });

  it("follows a run once, however often it is clicked", async () => {
    const code = [
      "import os, time",
      "runs = os.path.expanduser('~/.backendai/runs')",
      "job = max(os.listdir(runs), key=lambda name: os.stat(f'{runs}/{name}').st_mtime)",
      "print('JOB', job, os.environ['BACKENDAI_SESSION_ID'], flush=True)",
      "time.sleep(60)",
    ].join("\n");
    const { uri } = await open("clicked.py", code);
    await run(uri);
    const [, id, session] = /^JOB (\S+) (\S+)$/m.exec(await shows("clicked.py", /^JOB \S+ \S+$/m)) ?? [];
    await vscode.commands.executeCommand("backendai.run.leave");
    await shows("clicked.py", /goes on in the session/);
    terminalOf("clicked.py")?.dispose();
    await until("the terminal to be gone", () => terminalOf("clicked.py") === undefined || undefined);
    const name = "clicked.py";
    const note = { name, languageId: "python", uri: uri.toString(), commandLine: name };
    const found = { session: { id: session, name: session }, job: { id }, note };
    const row = { id: name, label: name, contextValue: "run.going", found };
    const follow = (): Thenable<unknown> => vscode.commands.executeCommand("backendai.runs.follow", row);
    await Promise.all([follow(), follow()]);
    await pause(1000);
    const terminals = vscode.window.terminals.filter((terminal) => terminal.name.endsWith(name));
    terminals.forEach((terminal) => terminal.dispose());
    assert.equal(terminals.length, 1);
  });

  it("starts a file in the background once, however often it is clicked", async () => {
    const { uri } = await open("once.py", "open('once.txt', 'a').write('x')\n");
    const start = (): Thenable<unknown> =>
      vscode.commands.executeCommand("backendai.run.fileInBackground", uri);
    let isStarted = false;
    const started = start().then(() => (isStarted = true));
    while (!isStarted) {
      await pause(20);
      void start();
    }
    await started;
    const code = "import time\ntime.sleep(2)\nprint('<' + open('once.txt').read() + '>')\n";
    await run((await open("count.py", code)).uri);
    assert.match(await shows("count.py", /^<x+>$/m), /^<xx?>$/m, "the last click may come after the start");
  });

  it("starts a file in the background, without a terminal", async () => {
    const { uri } = await open("behind.py", "print('behind')\n");
    await vscode.commands.executeCommand("backendai.run.fileInBackground", uri);
    assert.equal(terminalOf("behind.py"), undefined);
  });
});
