import { delay } from "../../../base/abort.js";
import { backoffMs } from "../../../base/backoff.js";
import type { Context } from "../../context.js";
import { ConflictError } from "../../errors.js";
import type { Answer } from "../../transport/answer.js";
import type { FolderReference } from "../folder.js";
import { translateFolderError } from "../folderErrors.js";
import { requestDownload } from "./ticket.js";
import {
  defaultRetries,
  type FolderReadOptions,
  isInterruption,
  transferBackoff,
} from "./transferOptions.js";

/** What tells one content of a file from another. */
interface Version {
  readonly totalBytes: number | undefined;
  readonly modified: string | undefined;
  readonly tag: string | undefined;
}

/** Reads files of virtual folders. */
export class FolderDownloader {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** See `FolderFileCalls.read`. Every connection gets a token of its own, as those of old servers live for two minutes. */
  async *read(
    folder: FolderReference,
    path: string,
    options: FolderReadOptions,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { signal, onProgress, onInterruption, retries = defaultRetries } = options;
    let offset = options.start ?? 0;
    let version: Version | undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await this.#open(folder, path, { offset, version, signal });
        version ??= versionOf(answer, offset);
        for await (const piece of answer) {
          offset += piece.length;
          attempt = 0;
          yield piece;
          onProgress?.({ file: path, transferredBytes: offset, totalBytes: version.totalBytes });
        }
        return;
      } catch (error) {
        if (!isInterruption(error) || attempt >= retries) {
          throw translateFolderError(error);
        }
        onInterruption?.(error);
        await delay(backoffMs(attempt, transferBackoff, Math.random()), signal);
      }
    }
  }

  async #open(
    folder: FolderReference,
    path: string,
    from: { offset: number; version: Version | undefined; signal: AbortSignal | undefined },
  ): Promise<Answer> {
    const { offset, version, signal } = from;
    const place = await requestDownload(this.#context, folder, path, { signal });
    // Only times are understood in `If-Range`; what they can't tell apart, the check below does.
    const headers: Record<string, string> = {
      ...(offset > 0 ? { Range: `bytes=${String(offset)}-` } : {}),
      ...(offset > 0 && version?.modified !== undefined ? { "If-Range": version.modified } : {}),
    };
    try {
      const answer = await this.#context.transport.send({ ...place, method: "GET", headers, signal });
      if (offset > 0 && (answer.status !== 206 || !isSame(version, versionOf(answer, offset)))) {
        await answer[Symbol.asyncIterator]().return();
        throw changed(path, place.route);
      }
      return answer;
    } catch (error) {
      throw isPastEnd(error) && version !== undefined ? changed(path, place.route) : error;
    }
  }
}

function versionOf(answer: Answer, offset: number): Version {
  const length = answer.header("content-length");
  return {
    totalBytes: length === undefined ? undefined : offset + Number(length),
    modified: answer.header("last-modified"),
    tag: answer.header("etag"),
  };
}

function isSame(before: Version | undefined, after: Version): boolean {
  return (
    before === undefined ||
    (before.totalBytes === after.totalBytes && before.tag === after.tag && before.modified === after.modified)
  );
}

/** 416: the file has become shorter than what was read of it. */
function isPastEnd(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 416;
}

function changed(file: string, route: string): ConflictError {
  return new ConflictError({
    status: 200,
    method: "GET",
    path: route,
    detail: `${file} changed while it was read`,
  });
}
