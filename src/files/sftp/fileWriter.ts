import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { homeDirectory, UploadLostError } from "../../api/index.js";
import { BackendAIError, messageOf } from "../../base/errors.js";
import { FileAccessError } from "../access/fileAccessError.js";
import type { RemoteFiles } from "./remoteFiles.js";
import { replaceFile, type WithFiles } from "./safeWrite.js";
import { codeOf, isGivenUp, refusal } from "./sftpRequests.js";

/** Permission bits of a mode. */
const permissions = 0o7777;

/** A file can't be written in a session. */
export class RemoteWriteError extends BackendAIError {
  readonly code = "REMOTE_WRITE";

  constructor(
    /** Relative to `/home/work`. */
    readonly file: string,
    why: string,
    options?: ErrorOptions,
  ) {
    super(l10n.t("{0} could not be written in the session: {1}.", file, why), options);
  }

  /** Whether the user of the session lacks the rights: what the server's own upload wrote may be root's. */
  get isDenied(): boolean {
    return codeOf(this.cause) === refusal.permissionDenied;
  }
}

/** What is on the way to a file is no folder. */
class NoFolderError extends Error {}

/** Writes many files into the home of a session over one connection, each as {@link replaceFile} does. */
export class FileWriter {
  readonly #files: RemoteFiles;
  readonly #signal: AbortSignal;
  readonly #folders = new Map<string, Promise<void>>();

  /** @param signal Nothing is begun after its abort. */
  constructor(files: RemoteFiles, signal: AbortSignal) {
    this.#files = files;
    this.#signal = signal;
  }

  /**
   * Writes one file; folders are made, and an old file's mode is kept. Where the folder allows no new file, the old one is
   * written as it is.
   * @param file Relative to the home.
   * @param atOnce Most requests on their way for it.
   * @throws {RemoteWriteError}
   * @throws {UploadLostError} when the session has another size then.
   * @throws {NetworkError}
   * @throws {TimeoutError}
   */
  async write(file: string, bytes: Uint8Array, atOnce: number): Promise<void> {
    const path = posix.join(homeDirectory, file); // where SFTP starts by custom only
    const folder = posix.dirname(path);
    try {
      await this.#step(() => this.#folder(folder));
      const old = await this.#step(() => this.#files.look(path));
      if (old?.isDirectory() === true) {
        throw new RemoteWriteError(file, l10n.t("a folder of that name is there"));
      }
      // A link is replaced; how the file behind it may be used is no measure for what comes in its place.
      const mode = old?.isFile() === true ? old.mode & permissions : undefined;
      const step: WithFiles = (action) => this.#step(() => action(this.#files));
      const tidy: WithFiles = (action) => action(this.#files);
      const content = { size: bytes.byteLength, open: (start: number) => [bytes.subarray(start)] };
      await replaceFile({ step, tidy }, path, {
        ...{ content, mode, atOnce, signal: this.#signal, overwrite: true },
      });
    } catch (error) {
      throw error instanceof UploadLostError ? new UploadLostError([file]) : this.#named(file, error);
    }
  }

  #named(file: string, error: unknown): unknown {
    const isRefusal =
      codeOf(error) !== undefined || error instanceof NoFolderError || error instanceof FileAccessError;
    return isRefusal ? new RemoteWriteError(file, reasonOf(error), { cause: error }) : error;
  }

  /** Makes a folder and those above it, each once. */
  #folder(path: string): Promise<void> {
    if (path === homeDirectory) {
      return Promise.resolve();
    }
    const known = this.#folders.get(path) ?? this.#makeFolder(path);
    this.#folders.set(path, known);
    return known;
  }

  async #makeFolder(path: string): Promise<void> {
    const found = await this.#step(() => this.#files.follow(path));
    if (found?.isDirectory() === true) {
      return;
    }
    if (found !== undefined) {
      throw new NoFolderError(l10n.t("{0} is no folder", posix.relative(homeDirectory, path)));
    }
    await this.#folder(posix.dirname(path));
    try {
      await this.#step(() => this.#files.makeFolder(path));
    } catch (error) {
      const isThere = !isGivenUp(error) && (await this.#step(() => this.#files.follow(path)))?.isDirectory();
      if (isThere !== true) {
        throw error; // it was not that somebody else made it meanwhile
      }
    }
  }

  async #step<T>(ask: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    return ask();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof FileAccessError && error.failure === "full") {
    return l10n.t("the session's disk, or its quota, is full");
  }
  switch (codeOf(error)) {
    case refusal.permissionDenied:
      return l10n.t("it, or its folder, belongs to another user");
    case refusal.noSuchFile:
      return l10n.t("its folder is gone");
    case refusal.failure:
      return l10n.t("the session refuses");
    default:
      return messageOf(error);
  }
}
