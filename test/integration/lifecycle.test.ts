import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, until } from "./support.js";

/** What becomes of open documents and terminals of a session that is renamed, interrupted and destroyed. */
describe("The life of a session, on the local engine", function () {
  this.timeout(180_000);
  const renamed = "lifecycle-renamed";
  let session = "";
  const uri = (name: string, file: string): vscode.Uri =>
    vscode.Uri.from({ scheme: "backendai", authority: "local", path: `/${name}/home/work/${file}` });
  const command = async (id: string, given?: unknown): Promise<void> => {
    await vscode.commands.executeCommand(`backendai.sessions.${id}`, undefined, undefined, given);
  };
  const textOf = async (at: vscode.Uri): Promise<string> =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(at));

  before(async () => {
    await disconnect();
    const document = await open("lifecycle-start.py", "print(1)\n");
    await run(document.uri);
    session = /(python-[0-9a-f]{4})/.exec(await shows("lifecycle-start.py", /exit code 0/))?.[1] ?? "";
    assert.notEqual(session, "");
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await disconnect();
  });

  it("keeps documents that were open before it was renamed", async () => {
    await vscode.workspace.fs.writeFile(uri(session, "notes.txt"), new TextEncoder().encode("one\n"));
    const document = await vscode.workspace.openTextDocument(uri(session, "notes.txt"));
    const editor = await vscode.window.showTextDocument(document);
    await command("rename", { name: renamed });
    await until("the session under its new name", async () =>
      (await textOf(uri(renamed, "notes.txt")).catch(() => "")) === "one\n" ? true : undefined,
    );
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "two\n"));
    assert.ok(await document.save());
    assert.equal(await textOf(uri(renamed, "notes.txt")), "two\none\n");
    assert.equal(await textOf(uri(session, "notes.txt")), "two\none\n");
  });

  it("refuses a name that no server could find again", async () => {
    await command("rename", { name: "x" }); // told as a message
    assert.equal(await textOf(uri(renamed, "notes.txt")), "two\none\n");
  });

  it("interrupts the program that the server runs", async () => {
    const document = await open(
      "lifecycle-long.py",
      "import time\nprint('begun', flush=True)\ntime.sleep(600)\n",
    );
    await run(document.uri);
    await shows("lifecycle-long.py", /begun/);
    await command("interrupt");
    await shows("lifecycle-long.py", /KeyboardInterrupt|exit code -?\d/);
  });

  it("says of files of a session that was destroyed that it is gone", async () => {
    await command("destroy", { ask: false });
    await assert.rejects(
      async () => vscode.workspace.fs.stat(uri(renamed, "other.txt")),
      /No session lifecycle-renamed is running/,
    );
  });
});
