import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, until } from "./support.js";

const printing = `import time
for n in range(12):
    print("\\x1b[32mround", n, "\\x1b[0m", flush=True)
    time.sleep(1)
`;

/** Sessions are rows of the view; commands without a row take the only session. */
async function showLog(): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand("backendai.sessions.showLog");
  return until("the log", () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.scheme === "backendai-log" ? editor : undefined;
  });
}

describe("The log and the information of a session", () => {
  const settings = vscode.workspace.getConfiguration("backendai");

  before(async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
    await settings.update("run.connection", "api", vscode.ConfigurationTarget.Global);
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await settings.update("run.connection", undefined, vscode.ConfigurationTarget.Global);
    await disconnect();
  });

  it("grows at its end while a program prints, with the caret there, and can't be written", async () => {
    await run((await open("logged.py", printing)).uri);
    await shows("logged.py", /round 0/);
    const { document } = await showLog();
    assert.equal(document.languageId, "log");
    const changes: vscode.TextDocumentContentChangeEvent[] = [];
    const listening = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document) {
        changes.push(...event.contentChanges);
      }
    });
    await until("the last round", () => /round 11 $/m.test(document.getText()) || undefined);
    listening.dispose();
    assert.ok(!document.getText().includes("\x1b"));
    assert.ok(changes.length > 0, "it came while the document was open");
    assert.ok(
      changes.every(({ rangeLength }) => rangeLength < 40),
      "a note at most is replaced",
    );
    await until("the caret at the end", () => {
      const editor = vscode.window.visibleTextEditors.find((shown) => shown.document === document);
      return editor?.selection.active.line === document.lineCount - 1 || undefined;
    });
    assert.equal(vscode.workspace.fs.isWritableFileSystem("backendai-log"), false);
  });

  it("leaves the caret where a person put it", async () => {
    const { document } = await showLog();
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const before = document.getText().length;
    await run((await open("more.py", "print('more of it')\n")).uri);
    await shows("more.py", /exit code 0/);
    await vscode.window.showTextDocument(document);
    await until("more", () => document.getText().length > before || undefined);
    assert.match(document.getText(), /more of it/);
  });

  it("changes a large log where it differs alone", async () => {
    await run((await open("large.py", "for n in range(20000): print(n, 'x' * 30)\n")).uri);
    await shows("large.py", /exit code 0/);
    const { document } = await showLog();
    await until("a large log", () => document.getText().length > 700_000 || undefined);
    const changed = new Promise<number>((resolve) => {
      const listening = vscode.workspace.onDidChangeTextDocument((event) => {
        if (
          event.document === document &&
          event.contentChanges.some(({ text }) => text.includes("tail of it"))
        ) {
          listening.dispose();
          resolve(
            Math.max(...event.contentChanges.map(({ text, rangeLength }) => text.length + rangeLength)),
          );
        }
      });
    });
    await run((await open("tail.py", "print('tail of it')\n")).uri);
    await shows("tail.py", /exit code 0/);
    await vscode.window.showTextDocument(document);
    assert.ok((await changed) < 1000, `${String(await changed)} characters`);
  });

  it("shows what the server tells of the session as Markdown", async () => {
    await vscode.commands.executeCommand("backendai.sessions.showInfo");
    const document = await until("the document", () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "backendai-info"),
    );
    assert.equal(document.languageId, "markdown");
    for (const part of ["**RUNNING**", "## Resources", "## Containers", "## The server's answers"]) {
      assert.ok(document.getText().includes(part), part);
    }
  });
});
