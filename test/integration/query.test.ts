import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, shows, terminalOf, until } from "./support.js";

const console_ = "(query)";

describe("Cells and lines in a session, on the local engine", () => {
  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    terminalOf(console_)?.dispose();
    await disconnect();
  });

  it("runs the statement at the cursor, goes on to the next, and keeps variables", async () => {
    await open("steps.py", "def twice(n):\n    return n * 2\n\n\nk = 21\nprint('is', twice(k))\n");
    for (const line of [0, 4, 5]) {
      assert.equal(editor().selection.active.line, line);
      await query("runSelection");
    }
    const text = await shows(console_, /^is 42$/m);
    assert.match(text, /In \[1\]: def twice\(n\):\n {12}return n \* 2 {2}· steps\.py:1/);
    assert.match(text, /In \[3\]: print\('is', twice\(k\)\) {2}· steps\.py:6/);
  });

  it("runs a selection out of an indented block", async () => {
    await open("block.py", "if k:\n    m = k\n    if m:\n        print('inner', m)\n");
    editor().selection = new vscode.Selection(1, 4, 3, 26);
    await query("runSelection");
    await shows(console_, /^inner 21$/m);
  });

  it("shows lenses over cells, and runs a cell, those above, and all", async () => {
    const document = await open(
      "cells.py",
      "import sys\n# %% one\nc = 1\n# %% [markdown]\n# words\n# %% two\nprint('two', c)\n",
    );
    const lenses = await until("the lenses", async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
      );
      const ours = found.filter(({ command }) => command?.command.startsWith("backendai."));
      return ours.length > 0 ? ours : undefined;
    });
    assert.deepEqual(
      lenses.map(({ command, range }) => [range.start.line, command?.title]),
      [
        [0, "Run Cell"],
        [1, "Run Cell"],
        [1, "Run Above"],
        [5, "Run Cell"],
        [5, "Run Above"],
      ],
    );
    const [, , , , above] = lenses;
    await vscode.commands.executeCommand(
      above?.command?.command ?? "",
      ...((above?.command?.arguments ?? []) as unknown[]),
    );
    await shows(console_, /import sys {2}· cells\.py:1[^]*c = 1 {2}· cells\.py:3/);
    await query("runCell", document.uri, 5);
    await shows(console_, /^two 1$/m);
    editor().selection = new vscode.Selection(0, 0, 0, 0);
    await query("runCellAndAdvance");
    assert.equal(editor().selection.active.line, 2);
    editor().selection = new vscode.Selection(0, 0, 0, 0);
    await Promise.all([query("runCellAndAdvance"), query("runCellAndAdvance")]); // two presses at once
    assert.equal(editor().selection.active.line, 4);
    await query("runAll");
    await shows(console_, /^two 1$[^]*^two 1$/m);
  });

  it("offers no lenses when the setting says so", async () => {
    const document = await open("plain.py", "# %%\n1\n");
    const settings = vscode.workspace.getConfiguration("backendai");
    await settings.update("run.codeLens", false, vscode.ConfigurationTarget.Global);
    try {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
      );
      assert.deepEqual(
        found.filter(({ command }) => command?.command.startsWith("backendai.")),
        [],
      );
    } finally {
      await settings.update("run.codeLens", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("answers in the console, and hides passwords", async () => {
    await open(
      "asks.py",
      "import getpass; n = input('Who? '); w = getpass.getpass('Word? '); print(n, len(w))\n",
    );
    await query("runSelection");
    await shows(console_, /Who\? /);
    terminalOf(console_)?.sendText("Adx\x7fa", true);
    await shows(console_, /Word\? /);
    terminalOf(console_)?.sendText("swordfish", true);
    assert.doesNotMatch(await shows(console_, /^Ada 9$/m), /swordfish/);
  });

  it("answers from an input box while another terminal is in front", async () => {
    const other = vscode.window.createTerminal({ name: "other" });
    try {
      await open("slow.py", "import time; time.sleep(1.5); print('got', input('Far? '))\n");
      await query("runSelection");
      other.show(true);
      await until("the other terminal in front", () => vscode.window.activeTerminal === other || undefined);
      await until("the question", () => asks() || undefined);
      void vscode.commands.executeCommand("backendai.run.answer");
      await until("the empty line to be taken", async () => {
        await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
        return !asks() || undefined;
      });
    } finally {
      other.dispose();
    }
    await shows(console_, /^got ?$/m);
  });

  it("interrupts, and forgets the state on demand", async () => {
    await open("long.py", "import time; print('up'); time.sleep(600)\nprint('k' in globals())\n");
    await query("runSelection");
    await shows(console_, /^up$/m);
    await query("interrupt");
    await shows(console_, /KeyboardInterrupt[^]*■ interrupted/);
    await query("reset");
    await query("runSelection");
    await shows(console_, /── state reset ·[^]*In \[1\]: print\('k' in globals\(\)\)[^]*^False$/m);
  });
});

function editor(): vscode.TextEditor {
  const active = vscode.window.activeTextEditor;
  assert.ok(active, "an editor is active");
  return active;
}

async function query(command: string, ...words: unknown[]): Promise<void> {
  await vscode.commands.executeCommand(`backendai.query.${command}`, ...words);
}

/** Whether the console waits for a line: its tab tells. */
function asks(): boolean {
  return terminalOf(console_)?.name.startsWith("⌨") === true;
}
