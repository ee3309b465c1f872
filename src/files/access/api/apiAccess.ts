import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { limits } from "../../../wire/limits.js";
import type { SessionPlace } from "../../sftp/sessionSftp.js";
import { checkedPath } from "../checkedPath.js";
import type {
  FileAccess,
  FileContent,
  FileInfo,
  NamedFile,
  OperationOptions,
  ReadOptions,
  WriteOptions,
} from "../fileAccess.js";
import { FileAccessError } from "../fileAccessError.js";
import { apiFailure, isUnexplained } from "./apiErrors.js";
import { writeByApi } from "./apiWriting.js";
import { Directories, expectBelowHome, relative } from "./directories.js";

/** The head of a file in a tar, and what pads it: a download is no larger than 1 MiB with these. */
const tarOverheadBytes = 2048;

const pieceBytes = 256 * 1024;

/**
 * The files of a session below its home by the server's own file calls: no file of 1 MiB or more, whole seconds or better as the
 * server has them, and nothing but looking, reading and writing.
 */
export class ApiAccess implements FileAccess {
  readonly #place: SessionPlace;
  readonly #directories: Directories;

  constructor(place: SessionPlace) {
    this.#place = place;
    this.#directories = new Directories(place);
  }

  can(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** To be told of what other ways have changed. */
  forget(path: string): void {
    this.#directories.forget(path);
  }

  async stat(path: string, options: OperationOptions): Promise<FileInfo> {
    const checked = checkedPath(path);
    const found = await this.#directories.find(checked, options);
    if (found === undefined) {
      throw new FileAccessError("notFound", checked, l10n.t("{0} is not in the session.", checked));
    }
    return found;
  }

  async list(path: string, options: OperationOptions): Promise<readonly NamedFile[]> {
    return [...(await this.#directories.entries(checkedPath(path), options)).values()];
  }

  /** Whole in memory, which is 1 MiB at most. */
  async *read(path: string, { range, signal }: ReadOptions): AsyncGenerator<Uint8Array> {
    const checked = checkedPath(path);
    const info = await this.stat(checked, { signal });
    expectReadable(checked, info);
    const bytes = (await this.#download(checked, info, signal)).subarray(range?.start ?? 0, range?.end);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      yield bytes.subarray(at, at + pieceBytes);
    }
  }

  async write(path: string, content: FileContent, options: WriteOptions): Promise<FileInfo> {
    const checked = checkedPath(path);
    expectBelowHome(checked);
    this.#directories.forget(checked);
    try {
      return await writeByApi(
        {
          ...this.#place,
          find: async (signal) => this.#directories.find(checked, { signal }),
          expectFolder: async (signal) => {
            await this.#directories.entries(posix.dirname(checked), { signal });
          },
          forget: () => this.#directories.forget(checked),
          read: async (info, signal) => this.#download(checked, info, signal),
        },
        checked,
        { ...options, content },
      );
    } finally {
      this.#directories.forget(checked);
    }
  }

  makeDirectory(path: string): Promise<void> {
    return Promise.reject(unable(path, l10n.t("The server's file calls can't make folders.")));
  }

  remove(path: string): Promise<void> {
    return Promise.reject(unable(path, l10n.t("The server's file calls can't delete.")));
  }

  rename(from: string): Promise<void> {
    return Promise.reject(unable(from, l10n.t("The server's file calls can't rename.")));
  }

  copy(from: string): Promise<void> {
    return Promise.reject(unable(from, l10n.t("The server's file calls can't copy.")));
  }

  /** The server's answer may be cut short without being broken: what is less than was listed must be all that there is now. */
  async #expectWhole(path: string, bytes: number, signal: AbortSignal): Promise<void> {
    this.#directories.forget(path);
    const now = await this.#directories.find(path, { signal });
    if (now !== undefined && bytes < now.size) {
      throw new FileAccessError(
        "lost",
        path,
        l10n.t("Only {0} of the {1} bytes of {2} came. Open it again.", bytes, now.size, path),
      );
    }
  }

  async #download(path: string, { size }: FileInfo, signal: AbortSignal): Promise<Buffer> {
    const tooLarge = (cause?: unknown): FileAccessError =>
      new FileAccessError(
        "tooLarge",
        path,
        l10n.t("{0} is too large for the server's file calls, which carry less than 1 MiB.", path),
        {
          cause,
        },
      );
    if (size > limits.downloadTarBytes - tarOverheadBytes) {
      throw tooLarge();
    }
    const { client, sessionId } = this.#place;
    try {
      const bytes = await client.files.downloadSingle(sessionId, relative(path), { signal });
      if (bytes.length < size) {
        await this.#expectWhole(path, bytes.length, signal);
      }
      return bytes;
    } catch (error) {
      if (!isUnexplained(error)) {
        throw apiFailure(error, path);
      }
      const now = await this.#directories.find(path, { signal });
      if (now === undefined) {
        throw new FileAccessError("notFound", path, l10n.t("{0} is not in the session.", path), {
          cause: error,
        });
      }
      throw size > limits.downloadTarBytes / 2 ? tooLarge(error) : error;
    }
  }
}

function expectReadable(path: string, { type, isLink }: FileInfo): void {
  if (type === "directory") {
    throw new FileAccessError("isADirectory", path, l10n.t("{0} is a folder.", path));
  }
  if (type === "unknown") {
    throw new FileAccessError("notFound", path, l10n.t("{0} is a link that leads nowhere.", path));
  }
  if (type === "other") {
    throw new FileAccessError(
      "invalid",
      path,
      l10n.t("{0} is no file but a device, a pipe or a socket.", path),
    );
  }
  if (isLink) {
    throw new FileAccessError(
      "unsupported",
      path,
      l10n.t("{0} is a link, which the server's file calls do not follow.", path),
    );
  }
}

function unable(path: string, message: string): FileAccessError {
  return new FileAccessError("unsupported", path, message);
}
