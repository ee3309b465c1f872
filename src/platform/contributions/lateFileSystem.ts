import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { LateProvider } from "./lateProvider.js";

/** A file system that VS Code knows from the start, and that is read when one of its files is asked for. */
export class LateFileSystem implements vscode.FileSystemProvider, Disposable {
  readonly #late: LateProvider<vscode.FileSystemProvider>;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());

  readonly onDidChangeFile = this.#didChange.event;

  constructor(late: LateProvider<vscode.FileSystemProvider>) {
    this.#late = late;
    late.onDidProvide((system) => {
      this.#owned.add(system.onDidChangeFile((changes) => this.#didChange.fire(changes)));
    });
  }

  watch(...asked: Parameters<vscode.FileSystemProvider["watch"]>): vscode.Disposable {
    const watching = new DisposableStore();
    void this.#late.loaded().then(
      (system) => watching.add(system.watch(...asked)),
      () => undefined, // whoever reads the file hears of it
    );
    return new vscode.Disposable(() => watching.dispose());
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return (await this.#late.loaded()).stat(uri);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return (await this.#late.loaded()).readDirectory(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#late.loaded()).readFile(uri);
  }

  async writeFile(...asked: Parameters<vscode.FileSystemProvider["writeFile"]>): Promise<void> {
    await (await this.#late.loaded()).writeFile(...asked);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await (await this.#late.loaded()).createDirectory(uri);
  }

  async delete(...asked: Parameters<vscode.FileSystemProvider["delete"]>): Promise<void> {
    await (await this.#late.loaded()).delete(...asked);
  }

  async rename(...asked: Parameters<vscode.FileSystemProvider["rename"]>): Promise<void> {
    await (await this.#late.loaded()).rename(...asked);
  }

  async copy(
    ...[from, to, options]: Parameters<NonNullable<vscode.FileSystemProvider["copy"]>>
  ): Promise<void> {
    const system = await this.#late.loaded();
    if (system.copy === undefined) {
      throw vscode.FileSystemError.NoPermissions(to);
    }
    await system.copy(from, to, options);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
