import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { UnsafePathError } from "../../api/errors.js";
import type { FileAccess, FileContent, NamedFile, OperationOptions } from "../access/fileAccess.js";
import { isFileFailure } from "../access/fileAccessError.js";
import { nameProblem } from "../fileNames.js";
import type { EndWriteOptions, ManyOptions, SmallFile, TransferEnd } from "./transferEnd.js";

/** A way on which many small files travel together. */
export interface ManyWay {
  readonly sendMany: NonNullable<TransferEnd["sendMany"]>;
  readonly fetchMany: NonNullable<TransferEnd["fetchMany"]>;
}

/** Files of a session as an end of transfers. */
export class SessionEnd implements TransferEnd {
  readonly #access: FileAccess;
  readonly #many: ManyWay;

  constructor(
    readonly label: string,
    access: FileAccess,
    many: ManyWay,
  ) {
    this.#access = access;
    this.#many = many;
  }

  join(folder: string, name: string): string {
    if (nameProblem(name) !== undefined) {
      throw new UnsafePathError(name, l10n.t("can't be a name in a session"));
    }
    return posix.join(folder, name);
  }

  keyOf(name: string): string {
    return name;
  }

  async look(path: string, options: OperationOptions): Promise<NamedFile | undefined> {
    try {
      return { name: posix.basename(path), ...(await this.#access.stat(path, options)) };
    } catch (error) {
      if (isFileFailure(error, "notFound") || isFileFailure(error, "notADirectory")) {
        return undefined;
      }
      throw error;
    }
  }

  async list(folder: string, options: OperationOptions): Promise<readonly NamedFile[]> {
    return this.#access.list(folder, options);
  }

  read(path: string, start: number, { signal }: OperationOptions): AsyncIterable<Uint8Array> {
    return this.#access.read(path, { signal, range: { start } });
  }

  async write(path: string, content: FileContent, options: EndWriteOptions): Promise<void> {
    const { overwrite, signal, onProgress } = options;
    await this.#access.write(path, content, { create: true, overwrite, signal, onProgress });
  }

  async makeFolder(path: string, options: OperationOptions): Promise<void> {
    try {
      await this.#access.makeDirectory(path, options);
    } catch (error) {
      if ((await this.look(path, options))?.type !== "directory") {
        throw error;
      }
    }
  }

  async sendMany(
    folder: string,
    files: readonly SmallFile[],
    open: (file: SmallFile) => Promise<Uint8Array>,
    options: ManyOptions,
  ): Promise<ReadonlySet<SmallFile>> {
    return this.#many.sendMany(folder, files, open, options);
  }

  async fetchMany(
    folder: string,
    files: readonly SmallFile[],
    take: (file: SmallFile, bytes: Uint8Array) => Promise<void>,
    options: ManyOptions,
  ): Promise<void> {
    await this.#many.fetchMany(folder, files, take, options);
  }
}
