import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { placeOf } from "../../filePlace.js";
import type { ProviderParts } from "./providerParts.js";
import { placeIn } from "./sessionUris.js";

/**
 * The files of sessions as VS Code asks for them. It is made with the window; all that does the work is loaded when somebody asks.
 */
export class SessionFileProvider implements vscode.FileSystemProvider, Disposable {
  readonly #load: () => Promise<ProviderParts>;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  #parts: Promise<ProviderParts> | undefined;

  readonly onDidChangeFile = this.#didChange.event;

  /** @param load Called once, when files are first used; what it gives is disposed with this. */
  constructor(load: (tell: (changes: vscode.FileChangeEvent[]) => void) => Promise<ProviderParts>) {
    this.#load = async () => load((changes) => this.#didChange.fire(changes));
  }

  /** What does the work. */
  async parts(): Promise<ProviderParts> {
    this.#parts ??= this.#load().then((parts) => this.#owned.add(parts));
    return this.#parts;
  }

  watch(
    uri: vscode.Uri,
    { recursive, excludes }: { readonly recursive: boolean; readonly excludes: readonly string[] },
  ): vscode.Disposable {
    const watching = new DisposableStore();
    const place = placeOf(uri);
    if (place !== undefined) {
      void this.parts().then(
        ({ watcher }) => watching.add(watcher.add({ place, isRecursive: recursive, excludes })),
        () => undefined, // whoever reads the file hears of it
      );
    }
    return new vscode.Disposable(() => watching.dispose());
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#do(async ({ system }) => {
      const { isReadonly, type, ...stat } = await system.stat(placeIn(uri));
      const permissions = isReadonly ? { permissions: vscode.FilePermission.Readonly } : {};
      return { ...stat, type: typeOf(type), ...permissions };
    });
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#do(async ({ system }) =>
      (await system.list(placeIn(uri))).map(([name, type]): [string, vscode.FileType] => [
        name,
        typeOf(type),
      ]),
    );
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#do(({ system }) => system.read(placeIn(uri)));
  }

  async writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    await this.#do(({ system }) => system.write(placeIn(uri), content, options));
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await this.#do(({ system }) => system.createDirectory(placeIn(uri)));
  }

  async delete(uri: vscode.Uri, { recursive }: { readonly recursive: boolean }): Promise<void> {
    await this.#do(({ system }) => system.remove(placeIn(uri), recursive));
  }

  async rename(
    from: vscode.Uri,
    to: vscode.Uri,
    { overwrite }: { readonly overwrite: boolean },
  ): Promise<void> {
    await this.#do(({ system }) => system.rename(placeIn(from), placeIn(to), overwrite));
  }

  async copy(
    from: vscode.Uri,
    to: vscode.Uri,
    { overwrite }: { readonly overwrite: boolean },
  ): Promise<void> {
    await this.#do(({ system }) => system.copy(placeIn(from), placeIn(to), overwrite));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Does something, and puts what goes wrong as VS Code knows it. */
  async #do<T>(action: (parts: ProviderParts) => Promise<T>): Promise<T> {
    try {
      return await action(await this.parts());
    } catch (error) {
      const { fileErrorOf } = await import("../../provider/fileErrors.js");
      const { kind, message } = fileErrorOf(error);
      throw vscode.FileSystemError[kind](message);
    }
  }
}

/** Plain code has the same numbers. */
function typeOf(bits: number): vscode.FileType {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a link is its bit beside another type's
  const type: vscode.FileType = bits;
  return type;
}
