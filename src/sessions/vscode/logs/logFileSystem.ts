import * as vscode from "vscode";
import type { LogDocuments } from "./logDocuments.js";

/**
 * Logs as files that nobody can write. VS Code changes a document of a file system by what differs in it, whatever its size, so
 * that a log grows at its end; one of a content provider it replaces whole above 100 kB.
 */
export class LogFileSystem implements vscode.FileSystemProvider {
  readonly #documents: () => Promise<LogDocuments>;
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;

  /** @param documents What keeps the logs that are open; loaded when the first one is. */
  constructor(documents: () => Promise<LogDocuments>, didChange: vscode.Event<vscode.FileChangeEvent[]>) {
    this.#documents = documents;
    this.onDidChangeFile = didChange;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const log = await (await this.#documents()).open(uri);
    const permissions = vscode.FilePermission.Readonly;
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: log.changes,
      size: log.content.length,
      permissions,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await (await this.#documents()).open(uri)).content;
  }

  /** Changes are told of all that is open. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
