import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { messageOf } from "../../base/errors.js";
import type { FileAccess, OperationOptions } from "../access/fileAccess.js";
import { FileAccessError, isFileFailure } from "../access/fileAccessError.js";
import { nameBeside } from "../fileNames.js";

/** What people do with rows, on the files of one session. */
export class FileActions {
  readonly #access: FileAccess;
  readonly #options: OperationOptions;

  constructor(access: FileAccess, options: OperationOptions) {
    this.#access = access;
    this.#options = options;
  }

  /** @throws {FileAccessError} (`exists`) when something has that name. */
  async newFile(folder: string, name: string): Promise<string> {
    const path = posix.join(folder, name);
    const nothing = { size: 0, open: nothingAtAll };
    await this.#access.write(path, nothing, { ...this.#options, create: true, overwrite: false });
    return path;
  }

  /** @throws {FileAccessError} (`exists`) when something has that name. */
  async newFolder(folder: string, name: string): Promise<string> {
    const path = posix.join(folder, name);
    await this.#refuseTaken(path);
    await this.#access.makeDirectory(path, this.#options);
    return path;
  }

  /** @throws {FileAccessError} (`exists`) when something has that name. */
  async rename(path: string, name: string): Promise<string> {
    const to = posix.join(posix.dirname(path), name);
    if (to !== path) {
      await this.#access.rename(path, to, { ...this.#options, overwrite: false });
    }
    return to;
  }

  async remove(path: string): Promise<void> {
    await this.#access.remove(path, { ...this.#options, recursive: true });
  }

  /** Copies into a folder, beside what has the name there. */
  async copyInto(path: string, folder: string): Promise<string> {
    refuseInside(path, folder);
    const taken = new Set((await this.#access.list(folder, this.#options)).map(({ name }) => name));
    const name = posix.basename(path);
    const to = posix.join(folder, taken.has(name) ? nameBeside(name, (other) => taken.has(other)) : name);
    await this.#access.copy(path, to, { ...this.#options, overwrite: false });
    return to;
  }

  /**
   * Moves into a folder; what is there already stays where it is.
   * @throws {FileAccessError} (`exists`) when something else has that name there.
   */
  async moveInto(path: string, folder: string): Promise<string> {
    refuseInside(path, folder);
    const to = posix.join(folder, posix.basename(path));
    if (to !== path) {
      await this.#access.rename(path, to, { ...this.#options, overwrite: false });
    }
    return to;
  }

  /** How much is below a folder, as far as one listing tells: the number of its entries; `undefined` when it can't be read. */
  async countOf(folder: string): Promise<number | undefined> {
    try {
      return (await this.#access.list(folder, this.#options)).length;
    } catch {
      this.#options.signal.throwIfAborted();
      return undefined;
    }
  }

  async #refuseTaken(path: string): Promise<void> {
    try {
      await this.#access.stat(path, this.#options);
    } catch (error) {
      if (isFileFailure(error, "notFound")) {
        return;
      }
      throw error;
    }
    throw new FileAccessError("exists", path, l10n.t("{0} is there already.", path));
  }
}

/** Does something with each of many, and fails once: with the only error, or with how many there were and the first. */
export async function forEachPath(
  paths: readonly string[],
  action: (path: string) => Promise<unknown>,
  { signal }: OperationOptions,
): Promise<void> {
  const failures: { readonly path: string; readonly error: unknown }[] = [];
  for (const path of paths) {
    signal.throwIfAborted();
    await action(path).catch((error: unknown) => failures.push({ path, error }));
  }
  const [first, ...others] = failures;
  if (first !== undefined && others.length === 0) {
    throw first.error;
  }
  if (first !== undefined) {
    throw new FileAccessError(
      "invalid",
      first.path,
      l10n.t(
        "{0} of {1} could not be done. The first: {2}",
        failures.length,
        paths.length,
        messageOf(first.error),
      ),
      { cause: first.error },
    );
  }
}

/** Paths without those that are inside another one of them. */
export function topmost(paths: readonly string[]): string[] {
  const all = new Set(paths);
  return [...all].filter((path) => {
    for (let above = posix.dirname(path); above !== posix.dirname(above); above = posix.dirname(above)) {
      if (all.has(above)) {
        return false;
      }
    }
    return true;
  });
}

function refuseInside(path: string, folder: string): void {
  if (folder === path || folder.startsWith(`${path}/`)) {
    throw new FileAccessError("invalid", path, l10n.t("{0} can't be put into itself.", path));
  }
}

async function* nothingAtAll(): AsyncGenerator<Uint8Array> {
  // an empty file
}
