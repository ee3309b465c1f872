import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, open, run, shows, until } from "./support.js";

/** Files of a session of the local engine, as VS Code's own editors and `workspace.fs` use them. */
describe("Files of a session, on the local engine", function () {
  this.timeout(240_000);
  let session = "";
  const uri = (name: string): vscode.Uri =>
    vscode.Uri.from({ scheme: "backendai", authority: "local", path: `/${session}/home/work/files/${name}` });
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const textOf = async (name: string): Promise<string> =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(uri(name)));
  const failure = async (work: Thenable<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      assert.ok(error instanceof vscode.FileSystemError, String(error));
      return error.code;
    }
    return "none";
  };

  /** Runs Python in the session: what is done by somebody else. */
  const inSession = async (mark: string, code: string): Promise<void> => {
    const document = await open("files-other.py", `${code}\nprint("done ${mark}")\n`);
    await run(document.uri);
    await shows("files-other.py", new RegExp(`done ${mark}`));
  };

  const saveByHand = async (value: string | undefined): Promise<void> =>
    vscode.workspace
      .getConfiguration("files")
      .update("autoSave", value, vscode.ConfigurationTarget.Workspace);

  before(async () => {
    await saveByHand("off");
    await disconnect();
    const document = await open("files-start.py", "print(1)\n");
    await run(document.uri);
    const shown = await shows("files-start.py", /exit code 0/);
    session = /(python-[0-9a-f]{4})/.exec(shown)?.[1] ?? "";
    assert.notEqual(session, "", shown);
    await vscode.workspace.fs.createDirectory(uri(""));
  });

  after(async () => {
    await saveByHand(undefined);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await disconnect();
  });

  it("does through workspace.fs all that VS Code asks for", async () => {
    const { fs } = vscode.workspace;
    await fs.writeFile(uri("made/on/the/way.txt"), bytes("one"));
    const { type, size } = await fs.stat(uri("made/on/the/way.txt"));
    assert.deepEqual({ type, size }, { type: vscode.FileType.File, size: 3 });
    await fs.rename(uri("made/on/the/way.txt"), uri("moved.txt"));
    await fs.copy(uri("moved.txt"), uri("copy.txt"));
    assert.equal(await textOf("copy.txt"), "one");
    assert.deepEqual((await fs.readDirectory(uri(""))).sort(), [
      ["copy.txt", vscode.FileType.File],
      ["made", vscode.FileType.Directory],
      ["moved.txt", vscode.FileType.File],
    ]);
    assert.equal(await failure(fs.stat(uri("gone"))), "FileNotFound");
    assert.equal(await failure(fs.readFile(uri("made"))), "FileIsADirectory");
    assert.equal(await failure(fs.rename(uri("moved.txt"), uri("copy.txt"))), "FileExists");
    assert.equal(await failure(fs.readDirectory(uri("gone"))), "FileNotFound");
    await fs.delete(uri("made"), { recursive: true });
    assert.equal(await failure(fs.stat(uri("made"))), "FileNotFound");
  });

  it("says in words that a session is not there, and that another server is in use", async () => {
    const other = vscode.Uri.parse("backendai://elsewhere.example/x/home/work/a.txt");
    await assert.rejects(async () => vscode.workspace.fs.readFile(other), /server in use is another one/);
    const gone = vscode.Uri.parse("backendai://local/nobody/home/work/a.txt");
    await assert.rejects(async () => vscode.workspace.fs.readFile(gone), /No session nobody is running/);
  });

  it("opens a document, and saves what is typed", async () => {
    await vscode.workspace.fs.writeFile(uri("main.py"), bytes("print(1)\n"));
    const document = await vscode.workspace.openTextDocument(uri("main.py"));
    const editor = await vscode.window.showTextDocument(document);
    assert.equal(document.languageId, "python");
    for (const line of ["# first\n", "# second\n"]) {
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), line));
      assert.ok(await document.save());
    }
    assert.equal(await textOf("main.py"), "# second\n# first\nprint(1)\n");
  });

  it("does not save over what a program wrote meanwhile, and leaves the text in the editor", async () => {
    await vscode.workspace.fs.writeFile(uri("shared.txt"), bytes("one"));
    const document = await vscode.workspace.openTextDocument(uri("shared.txt"));
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 3), " mine"));
    await inSession("same size", 'open("files/shared.txt", "w").write("two")');
    await vscode.window.showTextDocument(document);
    assert.equal(await document.save(), false);
    assert.ok(document.isDirty);
    assert.equal(document.getText(), "one mine");
    assert.equal(await textOf("shared.txt"), "two");
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await until("the session's text", () => document.getText() === "two" || undefined);
    const again = await vscode.window.showTextDocument(document); // the one before is closed
    await again.edit((edit) => edit.insert(new vscode.Position(0, 3), " mine"));
    assert.ok(await document.save());
    assert.equal(await textOf("shared.txt"), "two mine");
  });

  /** VS Code tells extensions that such a document has no unsaved changes. */
  it("does not save over what a program wrote after more was typed while a save was under way", async function () {
    const large = "x\n".repeat(2_000_000); // a save takes its time
    await vscode.workspace.fs.writeFile(uri("typed.txt"), bytes(large));
    const document = await vscode.workspace.openTextDocument(uri("typed.txt"));
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const type = async (text: string): Promise<boolean> =>
      editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
    let isMet = false;
    for (let delayMs = 0; !isMet && delayMs < 400; delayMs += 8) {
      await type("a");
      const saving = document.save();
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await type("b");
      await saving;
      isMet = !document.isDirty && (await textOf("typed.txt")) !== document.getText();
    }
    if (!isMet) {
      this.skip(); // fifty times nothing was typed in the middle of a save
    }
    await inSession(
      "typed",
      'name = "files/typed.txt"; old = open(name).read(); open(name, "w").write("z" + old[1:])',
    );
    await vscode.window.showTextDocument(document);
    await textOf("typed.txt"); // as who compares the two
    assert.equal(await document.save(), false);
    assert.equal((await textOf("typed.txt"))[0], "z");
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("shows what programs write in editors that are open", async () => {
    await vscode.workspace.fs.writeFile(uri("log.txt"), bytes("one\n"));
    const document = await vscode.workspace.openTextDocument(uri("log.txt"));
    await vscode.window.showTextDocument(document, { preview: false });
    await inSession("log", 'open("files/log.txt", "a").write("two\\n")');
    await vscode.window.showTextDocument(document);
    await until("the new line", () => document.getText() === "one\ntwo\n" || undefined);
  });

  it("refuses to open a file whole that is too large", async () => {
    const configuration = vscode.workspace.getConfiguration("backendai.files");
    await configuration.update("wholeLimitMB", 1, vscode.ConfigurationTarget.Workspace);
    try {
      await inSession("large", 'open("files/large.bin", "w").write("x" * 1_500_000)');
      await assert.rejects(
        async () => vscode.workspace.fs.readFile(uri("large.bin")),
        /has 1\.5 MB, more than/,
      );
    } finally {
      await configuration.update("wholeLimitMB", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
