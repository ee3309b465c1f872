import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import { homeDirectory, UploadLostError } from "../../api/index.js";
import { BackendAIError, messageOf } from "../../base/errors.js";
import type { RemoteFiles } from "./remoteFiles.js";
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
    super(`${file} could not be written in the session: ${why}.`, options);
  }

  /** Whether the user of the session lacks the rights: what the server's own upload wrote may be root's. */
  get isDenied(): boolean {
    return codeOf(this.cause) === refusal.permissionDenied;
  }
}

/** What is on the way to a file is no folder. */
class NoFolderError extends Error {}

/** Writes files so that programs see the old one or the new one, and never a part. */
export class FileWriter {
  readonly #files: RemoteFiles;
  readonly #signal: AbortSignal;
  readonly #folders = new Map<string, Promise<void>>();
  /** Files of its own that are under way. */
  readonly #temporary = new Set<string>();

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
        throw new RemoteWriteError(file, "a folder of that name is there");
      }
      // A link is replaced; how the file behind it may be used is no measure for what comes in its place.
      const mode = old?.isFile() === true ? old.mode & permissions : undefined;
      await this.#replace(path, mode, { file, bytes, atOnce });
    } catch (error) {
      const isRefusal = codeOf(error) !== undefined || error instanceof NoFolderError;
      throw isRefusal ? new RemoteWriteError(file, reasonOf(error), { cause: error }) : error;
    }
  }

  /** Removes what was begun and not finished. Never rejects. */
  async tidy(): Promise<void> {
    await Promise.allSettled([...this.#temporary].map(async (path) => this.#files.remove(path)));
  }

  async #replace(path: string, mode: number | undefined, content: Content): Promise<void> {
    const temporary = posix.join(posix.dirname(path), `.backendai-${randomBytes(6).toString("hex")}.part`);
    this.#temporary.add(temporary);
    try {
      const handle = await this.#step(() => this.#files.open(temporary, "wx"));
      await this.#fill(handle, mode, content);
      await this.#step(() => this.#files.replace(temporary, path));
    } catch (error) {
      if (isGivenUp(error) || this.#signal.aborted) {
        throw error; // what is left is for `tidy`
      }
      await this.#files.remove(temporary).catch(() => undefined);
      if (mode === undefined || codeOf(error) === undefined) {
        throw error;
      }
      await this.#fill(await this.#step(() => this.#files.open(path, "w")), undefined, content);
    }
    this.#temporary.delete(temporary);
  }

  async #fill(handle: Buffer, mode: number | undefined, { file, bytes, atOnce }: Content): Promise<void> {
    try {
      if (mode !== undefined) {
        await this.#step(() => this.#files.setMode(handle, mode));
      }
      await this.#files.write(handle, bytes, { atOnce, signal: this.#signal });
      if ((await this.#step(() => this.#files.sizeOf(handle))) !== bytes.byteLength) {
        throw new UploadLostError([file]);
      }
    } finally {
      await this.#files.close(handle);
    }
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
      throw new NoFolderError(`${posix.relative(homeDirectory, path)} is no folder`);
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

interface Content {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly atOnce: number;
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case refusal.permissionDenied:
      return "it, or its folder, belongs to another user";
    case refusal.noSuchFile:
      return "its folder is gone";
    case refusal.failure:
      return "the session refuses, as it does when its disk is full";
    default:
      return messageOf(error);
  }
}
