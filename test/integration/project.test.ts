import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, until } from "./support.js";

describe("Preview of a run, on the local engine", () => {
  const configure = async (include: readonly string[] | undefined): Promise<void> =>
    vscode.workspace
      .getConfiguration("backendai.run")
      .update("include", include, vscode.ConfigurationTarget.Workspace);

  /** What the preview of a document says. */
  const previewOf = async (document: vscode.TextDocument): Promise<string> => {
    await vscode.commands.executeCommand("backendai.run.preview", document.uri);
    const shown = vscode.window.activeTextEditor?.document;
    assert.equal(shown?.uri.scheme, "backendai-plan");
    return shown.getText();
  };

  before(async () => {
    await disconnect();
  });

  after(async () => {
    await configure(undefined);
    await disconnect();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("tells commands and files without a connection, and makes none", async () => {
    const document = await open("preview/alone.py", "print('seen')\n");
    const text = await previewOf(document);
    assert.match(text, /^# Run of preview\/alone\.py\n\nOn Local engine, which is not connected\.\n/);
    assert.match(text, /```sh\nexec python3 -u preview\/alone\.py\n```/);
    assert.match(text, /1 file, 14 B; all of it is sent\.\n\n```text\nnew +14 B {2}preview\/alone\.py\n```/);
  });

  it("lists what the settings and git let travel, with warnings", async () => {
    await open("preview/project/.gitignore", "*.tmp\nmain.py\n");
    await open("preview/project/lib/a.py", "a = 1\n");
    await open("preview/project/lib/a.tmp", "x");
    await open("preview/project/node_modules/m.js", "x");
    const document = await open("preview/project/main.py", "import lib.a\n");
    await configure(["preview/project/**"]);
    const text = await until("the setting", async () => {
      const shown = await previewOf(document);
      return shown.includes("lib/a.py") ? shown : undefined;
    });
    assert.match(
      text,
      /- preview\/project\/main\.py travels because it is run, although \.gitignore leaves it out\./,
    );
    const rows = /```text\n([^]*?)\n```/
      .exec(text)?.[1]
      ?.split("\n")
      .map((row) => row.split("  ").at(-1));
    assert.deepEqual(rows, [
      "preview/project/main.py",
      "preview/project/.gitignore",
      "preview/project/lib/a.py",
    ]);
  });

  it("names the session that it would go to, or that it would start one", async () => {
    await vscode.commands.executeCommand("backendai.account.connectLocal");
    const document = await open("preview/session.py", "print('there')\n");
    assert.match(await previewOf(document), /In a new session for Python on Local engine\./);
    await run(document.uri);
    await shows("preview/session.py", /exit code 0/);
    await until("the session", async () =>
      /In session python-[0-9a-f]{4} on Local engine\./.test(await previewOf(document)) ? true : undefined,
    );
  });

  it("says what it would save first", async () => {
    const document = await open("preview/dirty.py", "print(1)\n");
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "# typed\n");
    await vscode.workspace.applyEdit(edit);
    assert.match(await previewOf(document), /- The file is saved before it runs\./);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});
