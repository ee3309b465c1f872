import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, terminalOf, until } from "./support.js";

/** Runs of the view, as the extension's own commands take them. */
async function waitForTerminal(file: string): Promise<vscode.Terminal> {
  return until(`the terminal of ${file}`, () => terminalOf(file));
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

  it("starts a file in the background, without a terminal", async () => {
    const { uri } = await open("behind.py", "print('behind')\n");
    await vscode.commands.executeCommand("backendai.run.fileInBackground", uri);
    assert.equal(terminalOf("behind.py"), undefined);
  });
});
