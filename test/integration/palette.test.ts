import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, until } from "./support.js";

/** Commands for rows, called without one: by the palette. */
describe("Actions of rows from the palette, on the local engine", function () {
  this.timeout(240_000);

  before(async () => {
    await disconnect();
    await run((await open("palette-run.py", "print(6 * 7)\n")).uri);
    await shows("palette-run.py", /exit code 0/);
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await disconnect();
  });

  /** Takes what is offered first until the command has its row and is over. */
  const acceptUntilDone = async (command: Thenable<unknown>): Promise<void> => {
    let isDone = false;
    const done = command.then(() => (isDone = true));
    await until("the end of the command", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return isDone || undefined;
    });
    await done;
  };

  it("asks for a file of a running session, and walks through its folders", async () => {
    await vscode.env.clipboard.writeText("");
    await acceptUntilDone(vscode.commands.executeCommand("backendai.files.copyPath"));
    assert.equal(await vscode.env.clipboard.readText(), "/home/work");
  });

  it("asks for a session", async () => {
    await vscode.env.clipboard.writeText("");
    await acceptUntilDone(vscode.commands.executeCommand("backendai.sessions.copyId"));
    assert.match(await vscode.env.clipboard.readText(), /^[0-9a-f-]{36}$/);
  });

  it("asks for a run, and shows its output", async () => {
    await acceptUntilDone(vscode.commands.executeCommand("backendai.runs.open"));
    await until("the output of the run", () =>
      vscode.window.visibleTextEditors.some(({ document }) => document.getText().includes("42")) || undefined,
    );
  });

  it("does nothing when the question is closed", async () => {
    await vscode.env.clipboard.writeText("as before");
    const command = vscode.commands.executeCommand("backendai.files.copyPath");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    await command;
    assert.equal(await vscode.env.clipboard.readText(), "as before");
  });
});
