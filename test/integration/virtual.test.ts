import assert from "node:assert/strict";
import * as vscode from "vscode";
import { disconnect, run, shows } from "./support.js";

const scheme = "backendai-test-memory";

/** A folder that is on no disk, as those of web repositories and archives are. */
class MemoryFiles implements vscode.FileSystemProvider {
  readonly #files = new Map<string, Uint8Array>();
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  stat({ path }: vscode.Uri): vscode.FileStat {
    const content = this.#files.get(path);
    const isFolder = [...this.#files.keys()].some((file) => file.startsWith(`${path.replace(/\/$/, "")}/`));
    if (content === undefined && !isFolder) {
      throw vscode.FileSystemError.FileNotFound(path);
    }
    const type = content === undefined ? vscode.FileType.Directory : vscode.FileType.File;
    return { type, ctime: 0, mtime: 1, size: content?.length ?? 0 };
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    return [...this.#files.keys()]
      .filter((file) => file.startsWith(`${path}/`))
      .map((file) => [file.slice(path.length + 1), vscode.FileType.File]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const content = this.#files.get(uri.path);
    if (content === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return content;
  }

  writeFile({ path }: vscode.Uri, content: Uint8Array): void {
    this.#files.set(path, content);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}

describe("a file that is on no disk", () => {
  const files = new MemoryFiles();
  let registered: vscode.Disposable;

  before(async () => {
    registered = vscode.workspace.registerFileSystemProvider(scheme, files);
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    registered.dispose();
    await disconnect();
  });

  it("runs in a session as its editor has it, read through VS Code alone", async () => {
    const uri = vscode.Uri.from({ scheme, path: "/project/from-memory.py" });
    files.writeFile(uri, new TextEncoder().encode("print('of no', 'disk')\n"));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(1, 0), "print('typed')\n");
    await vscode.workspace.applyEdit(edit);
    await run(uri);
    const text = await shows("from-memory.py", /exit code \d/);
    assert.match(text, /^of no disk$[^]*^typed$[^]*exit code 0/m);
  });
});
