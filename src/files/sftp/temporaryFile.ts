import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import { UploadLostError } from "../../api/errors.js";
import { FileAccessError } from "../access/fileAccessError.js";
import type { FileContent } from "../access/fileAccess.js";
import type { RemoteFiles } from "./remoteFiles.js";
import { codeOf, refusal } from "./sftpRequests.js";

/** How a file is filled. */
export interface FillOptions {
  /** Permission bits that it gets before its first byte; absent: what the session gives to new files. */
  readonly mode: number | undefined;
  /** Most requests on their way, each of 32 KiB. */
  readonly atOnce: number;
  /** Nothing more is sent after its abort. */
  readonly signal: AbortSignal;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** How a file takes its place. */
export interface PlaceOptions {
  /** Whether it may take the place of a file that is there. */
  readonly overwrite: boolean;
  /** The last look before: throws where the place is not what it should be. */
  readonly check?: ((files: RemoteFiles) => Promise<void>) | undefined;
}

/**
 * A hidden file beside the one that it is to become. Each step may be asked for again, over another connection, after one was
 * lost: it goes on from the last byte that is known to be there.
 */
export class TemporaryFile {
  readonly path: string;
  readonly #target: string;
  #isBegun = false;
  #isPlacing = false;
  #written = 0;

  /** @param target Its name may have all the 255 bytes that names may have: that of this file is a short one. */
  constructor(target: string) {
    this.#target = target;
    this.path = besides(target, "part");
  }

  /** Bytes that are there for sure. */
  get written(): number {
    return this.#written;
  }

  /**
   * Writes what is not there yet, and checks the size of all.
   * @throws {UploadLostError} where the session has another size then.
   * @throws {FileAccessError} `full`; `changed` where the content has another size than it said.
   */
  async fill(files: RemoteFiles, content: FileContent, options: FillOptions): Promise<void> {
    const { mode, atOnce, signal, onProgress } = options;
    signal.throwIfAborted();
    const handle = await this.#open(files);
    await closing(files, handle, async () => {
      if (mode !== undefined) {
        await files.setMode(handle, mode);
      }
      await writeContent(
        files,
        { handle, path: this.#target, content, start: this.#written },
        {
          atOnce,
          signal,
          onWritten: (end) => {
            this.#written = end;
            onProgress?.(end);
          },
        },
      );
    });
  }

  /** Gives it the name that it is made for, in one step. */
  async place(files: RemoteFiles, { overwrite, check }: PlaceOptions): Promise<void> {
    if (this.#isPlacing && (await files.look(this.path)) === undefined) {
      return; // it was done, and the answer was lost
    }
    await check?.(files);
    this.#isPlacing = true;
    await (overwrite ? files.replace(this.path, this.#target) : files.rename(this.path, this.#target));
  }

  /** Removes it where it is still there. */
  async remove(files: RemoteFiles): Promise<void> {
    if (this.#isBegun) {
      await files.remove(this.path);
    }
  }

  async #open(files: RemoteFiles): Promise<Buffer> {
    if (!this.#isBegun) {
      const opened = files.open(this.path, "wx");
      this.#isBegun = true; // whatever the answer, if there is one
      return opened;
    }
    try {
      const handle = await files.open(this.path, "r+");
      const { size } = await files.statOf(handle);
      this.#written = size < this.#written ? 0 : this.#written;
      return handle;
    } catch (error) {
      if (codeOf(error) !== refusal.noSuchFile) {
        throw error;
      }
      this.#written = 0;
      return files.open(this.path, "wx");
    }
  }
}

/** An open file that is written. */
export interface OpenTarget {
  readonly handle: Buffer;
  /** What errors name. */
  readonly path: string;
  readonly content: FileContent;
  /** Where it goes on. */
  readonly start: number;
}

/** How an open file is written. */
export interface ContentOptions {
  readonly atOnce: number;
  readonly signal: AbortSignal;
  readonly onWritten: (end: number) => void;
}

/**
 * Writes a content from `start` to its end, cuts what is behind it, and checks the size.
 * @throws as {@link TemporaryFile.fill} does.
 */
export async function writeContent(
  files: RemoteFiles,
  { handle, path, content, start }: OpenTarget,
  options: ContentOptions,
): Promise<void> {
  let end = start;
  const onWritten = (written: number): void => options.onWritten((end = written));
  try {
    await files.write(handle, content.open(start), { ...options, start, onWritten });
  } catch (error) {
    if (codeOf(error) === refusal.failure) {
      throw new FileAccessError(
        "full",
        path,
        l10n.t("{0} can't be written: the session's disk, or its quota, is full.", path),
        {
          cause: error,
        },
      );
    }
    throw error;
  }
  if (end !== content.size) {
    throw new FileAccessError(
      "changed",
      path,
      l10n.t("What was to be written to {0} has changed meanwhile.", path),
    );
  }
  const { size } = await files.statOf(handle);
  if (size > end) {
    await files.setSize(handle, end);
  } else if (size < end) {
    throw new UploadLostError([path]);
  }
}

/** Does something with an open file and closes it: that it can't be closed counts where all else went well. */
export async function closing(
  files: RemoteFiles,
  handle: Buffer,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    files.close(handle).catch(() => undefined);
    throw error;
  }
  await files.close(handle);
}

/** A short, hidden, new name beside a file. */
export function besides(path: string, kind: "part" | "old"): string {
  return posix.join(posix.dirname(path), `.backendai-${randomBytes(6).toString("hex")}.${kind}`);
}
