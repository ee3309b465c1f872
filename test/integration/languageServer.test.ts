import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import {
  installPylsp,
  isAlive,
  nameOnlyThere,
  startedPylsps,
} from "../support/languageServer/sessionPylsp.js";
import { disconnect, open, run, sample, shows, until } from "./support.js";

const setting = "languageServer.enabled";
const slowMs = 90_000;

describe("The language server of a session, on the local engine", () => {
  let home: string;

  before(async function () {
    this.timeout(slowMs);
    const { uri } = await open("lsp/where.py", "import os\nprint('home is', os.getcwd(), 'here')\n");
    await run(uri);
    const shown = await shows("where.py", /home is (\S+) here/);
    home = /home is (\S+) here/.exec(shown)?.[1] ?? "";
    const extension = vscode.extensions.all.find(({ id }) => id.endsWith(".backendai-sessions"));
    await installPylsp(home, extension?.extensionPath);
  });

  after(async function () {
    this.timeout(slowMs);
    await configure(undefined);
    await disconnect();
    await until("the servers to end", async () => !(await startedPylsps(home)).some(isAlive) || undefined);
  });

  it("starts for a document when the setting asks for it, and completes what only the session can import", async () => {
    const { uri } = await open("lsp/uses.py", "import only_here\nonly_here.\n");
    await configure({ python: true });
    const labels = await completions(uri, new vscode.Position(1, 10));
    assert.deepEqual(labels, [nameOnlyThere]);
    const told = JSON.parse(await readFile(path.join(home, "pylsp.initialize.json"), "utf8")) as {
      processId: unknown;
      rootUri: string;
      workspaceFolders: readonly { uri: string }[];
    };
    assert.equal(told.processId, null);
    assert.equal(vscode.Uri.parse(told.rootUri).path, home);
    assert.deepEqual(
      told.workspaceFolders.map((folder) => vscode.Uri.parse(folder.uri).path),
      [home],
    );
    assert.equal((await startedPylsps(home)).filter(isAlive).length, 1);
  }).timeout(slowMs);

  it("shows its problems in the document, and goes to what only the session has", async () => {
    const { uri } = await open("lsp/wrong.py", "import only_here  # wrong\n");
    const [problem] = await until("its problem", () => {
      const found = vscode.languages
        .getDiagnostics(uri)
        .filter(({ message }) => message === "seen in the session");
      return found.length > 0 ? found : undefined;
    });
    assert.equal(problem?.severity, vscode.DiagnosticSeverity.Warning);
    const target = await definition(uri);
    assert.equal(target.scheme, "backendai");
    assert.match(target.path, /^\/[^/]+\/home\/work\/site\/only_here\.py$/);
    const document = await vscode.workspace.openTextDocument(target);
    assert.match(document.getText(), new RegExp(nameOnlyThere));
    await vscode.window.showTextDocument(document);
    const labels = await until("the session's own document to be served", async () => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(target, new vscode.Range(0, 0, 99, 0), "import only_here\nonly_here.");
      assert.ok(await vscode.workspace.applyEdit(edit));
      return completions(target, new vscode.Position(1, 10));
    });
    assert.deepEqual(labels, [nameOnlyThere]);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }).timeout(slowMs);

  it("goes to a file of this window where there is one", async () => {
    await vscode.workspace.fs.writeFile(sample("lsp/beside_it.py"), new TextEncoder().encode("x = 1\n"));
    const { uri } = await open("lsp/imports_it.py", "import beside_it\n");
    assert.equal((await definition(uri)).toString(), sample("lsp/beside_it.py").toString());
  }).timeout(slowMs);

  it("is restarted and stopped by commands, and stays stopped", async () => {
    const { uri } = await open("lsp/uses.py");
    const before = (await startedPylsps(home)).length;
    await vscode.commands.executeCommand("backendai.languageServer.restart");
    assert.deepEqual(await completions(uri, new vscode.Position(1, 10)), [nameOnlyThere]);
    const started = await startedPylsps(home);
    assert.equal(started.length, before + 1);
    assert.equal(started.filter(isAlive).length, 1);
    await vscode.commands.executeCommand("backendai.languageServer.stop");
    assert.equal(started.filter(isAlive).length, 0);
    await open("lsp/wrong.py");
    assert.equal((await startedPylsps(home)).length, before + 1);
    await vscode.commands.executeCommand("backendai.languageServer.start");
    await open("lsp/uses.py");
    assert.deepEqual(await completions(uri, new vscode.Position(1, 10)), [nameOnlyThere]);
  }).timeout(slowMs);

  async function configure(value: unknown): Promise<void> {
    await vscode.workspace
      .getConfiguration("backendai")
      .update(setting, value, vscode.ConfigurationTarget.Workspace);
  }
});

/** What completion offers there that VS Code's own word lists don't, once there is any. */
async function completions(uri: vscode.Uri, position: vscode.Position): Promise<readonly string[]> {
  return until("completions of the session", async () => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      position,
    );
    const labels = items
      .filter(({ kind }) => kind === vscode.CompletionItemKind.Variable)
      .map(({ label }) => (typeof label === "string" ? label : label.label));
    return labels.length > 0 ? labels : undefined;
  });
}

/** Where the module that the first line imports is. */
async function definition(uri: vscode.Uri): Promise<vscode.Uri> {
  return until("a definition", async () => {
    const [first] = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      "vscode.executeDefinitionProvider",
      uri,
      new vscode.Position(0, 8),
    );
    return first && ("targetUri" in first ? first.targetUri : first.uri);
  });
}
