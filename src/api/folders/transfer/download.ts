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
        version ??= versionOf(answer, beforeOf(offset));
        for await (const piece of behind(answer, offset - beforeOf(offset))) {
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
    const { version, signal } = from;
    const offset = beforeOf(from.offset);
    const isPart = from.offset > 0;
    const place = await requestDownload(this.#context, folder, path, { signal });
    // Only times are understood in `If-Range`; what they can't tell apart, the check below does.
    const headers: Record<string, string> = {
      ...(isPart ? { Range: `bytes=${String(offset)}-` } : {}),
      ...(isPart && version?.modified !== undefined ? { "If-Range": version.modified } : {}),
    };
    try {
      const answer = await this.#context.transport.send({ ...place, method: "GET", headers, signal });
      if (isPart && (answer.status !== 206 || !isSame(version, versionOf(answer, offset)))) {
        await answer[Symbol.asyncIterator]().return();
        throw changed(path, place.route);
      }
      return answer;
    } catch (error) {
      throw isPastEnd(error) && version !== undefined ? changed(path, place.route) : error;
    }
  }
}

/**
 * Where an answer is to begin so that it goes on at `offset`: at the byte before. At the end of the file there is nothing to answer with:
 * a refusal would come of it, and what the file is now would not be told.
 */
function beforeOf(offset: number): number {
  return Math.max(0, offset - 1);
}

/** What follows the first `count` bytes. */
async function* behind(pieces: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const piece of pieces) {
    const rest = piece.subarray(left);
    left -= piece.length - rest.length;
    if (rest.length > 0) {
      yield rest;
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
    (isSameSize(before.totalBytes, after.totalBytes) &&
      before.tag === after.tag &&
      before.modified === after.modified)
  );
}

/** What comes in chunks does not tell its length. */
function isSameSize(before: number | undefined, after: number | undefined): boolean {
  return before === undefined || after === undefined || before === after;
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
