import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import type { BackendAIClient, Folder, FolderReference } from "../../../api/index.js";
import { BackendAIError, messageOf } from "../../../base/errors.js";
import type { Disposable } from "../../../base/lifecycle.js";
import type { Contributions } from "../../../platform/contributions/contributions.js";
import { folderScheme } from "../../../platform/contributedIds.js";
import { wordsFor } from "../../../platform/describeError.js";

/** Largest file that an editor is given; larger ones are downloaded. */
export const openBytes = 20 * 1024 * 1024;

/** The address of a file in a folder: `backendai-folder://<folder's id>/<folder's name>/<path>`. */
export function folderUri(folder: FolderReference, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: folderScheme, authority: folder.id, path: `/${folder.name}/${path}` });
}

/** Shows files of folders in editors, to be read. */
export function provideFolderDocuments(account: Account, contributions: Contributions): Disposable {
  return contributions.folderFiles.provide(new FolderDocuments(account));
}

/** Reads, and nothing else: what it does not show can't be changed by an editor. */
class FolderDocuments implements vscode.FileSystemProvider {
  readonly #account: Account;
  readonly #didChange = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#didChange.event;

  constructor(account: Account) {
    this.#account = account;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined); // nothing tells of changes, and nobody's work depends on them
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { folder, path } = placeOf(uri);
    if (path === "") {
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    }
    const [parent, name] = split(path);
    const entries = await this.#ask(uri, async (client) => client.folders.files.list(folder, parent));
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const type = entry.type === "directory" ? vscode.FileType.Directory : vscode.FileType.File;
    return { type, ctime: 0, mtime: entry.mtimeMs, size: entry.size };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { folder, path } = placeOf(uri);
    const entries = await this.#ask(uri, async (client) => client.folders.files.list(folder, path));
    return entries.map(({ name, type }) => [
      name,
      type === "directory" ? vscode.FileType.Directory : vscode.FileType.File,
    ]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { folder, path } = placeOf(uri);
    return this.#ask(uri, async (client) => client.folders.files.bytes(folder, path, openBytes));
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

  async #ask<T>(uri: vscode.Uri, call: (client: BackendAIClient) => Promise<T>): Promise<T> {
    try {
      return await call(await this.#account.client());
    } catch (error) {
      if (error instanceof BackendAIError && error.code === "NOT_FOUND") {
        throw vscode.FileSystemError.FileNotFound(uri);
      }
      throw vscode.FileSystemError.Unavailable(
        error instanceof BackendAIError ? wordsFor(error) : messageOf(error),
      );
    }
  }
}

function placeOf(uri: vscode.Uri): { folder: Pick<Folder, "id" | "name">; path: string } {
  const [, name = "", ...rest] = uri.path.split("/");
  return { folder: { id: uri.authority, name }, path: rest.join("/") };
}

function split(path: string): [parent: string, name: string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
}
