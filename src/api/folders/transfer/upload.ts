import { posix } from "node:path";
import { Readable } from "node:stream";
import { anySignal, delay } from "../../../base/abort.js";
import { backoffMs } from "../../../base/backoff.js";
import { ConfigurationError, ProtocolError } from "../../../base/errors.js";
import type { Context } from "../../context.js";
import { ConflictError, NotFoundError, UploadLostError } from "../../errors.js";
import { multipartBody } from "../../files/multipartBody.js";
import type { CallOptions } from "../../options.js";
import type { StreamBody } from "../../transport/requestSpec.js";
import { type FolderReference, folderUrl } from "../folder.js";
import type { FolderEntry } from "../folderEntry.js";
import { StallWatch } from "./stallWatch.js";
import { requestUpload, type TransferPlace } from "./ticket.js";
import {
  defaultRetries,
  type FolderTransferOptions,
  isInterruption,
  transferBackoff,
} from "./transferOptions.js";

/** What is to be uploaded. It must not change meanwhile. */
export interface FolderUpload {
  /** Bytes. */
  readonly size: number;
  /** Opens it from byte `start` up to, not including, byte `end`. It may be opened several times, one after the other. */
  readonly open: (start: number, end: number) => Readable;
}

/** A file that an upload makes. */
interface FileToBe {
  readonly folder: FolderReference;
  readonly path: string;
  readonly size: number;
}

/** Lists a directory of a folder. */
type ListDirectory = (
  folder: FolderReference,
  path: string,
  call: CallOptions,
) => Promise<readonly FolderEntry[]>;

/** Bytes sent at a time: what a lost connection can cost on servers that keep whole pieces only (26.2+). */
const pieceBytes = 16 * 1024 * 1024;
/** A request ends by silence, not by this. */
const pieceMs = 24 * 60 * 60_000;
/** Pause between two looks at how far a server has got that may still be writing what a lost connection brought. */
const settleMs = 200;
const settleLooks = 20;
const tus = { "Tus-Resumable": "1.0.0" } as const;

/** Writes files of virtual folders. */
export class FolderUploader {
  readonly #context: Context;
  readonly #list: ListDirectory;

  constructor(context: Context, list: ListDirectory) {
    this.#context = context;
    this.#list = list;
  }

  /** See `FolderFileCalls.upload`. */
  async upload(
    folder: FolderReference,
    path: string,
    content: FolderUpload,
    options: FolderTransferOptions,
  ): Promise<void> {
    if (this.#context.dialect.folders.transfer === "form") {
      await this.#sendForm(folder, path, content, options);
    } else {
      await this.#sendPieces(folder, path, content, options);
    }
  }

  async #sendPieces(
    folder: FolderReference,
    path: string,
    content: FolderUpload,
    options: FolderTransferOptions,
  ): Promise<void> {
    const { signal, onInterruption, retries = defaultRetries } = options;
    const place = await requestUpload(this.#context, folder, { path, size: content.size }, { signal });
    const file = { folder, path, size: content.size };
    let offset = 0;
    let isCertain = true;
    for (let attempt = 0; ; attempt++) {
      try {
        if (!isCertain) {
          const reached = await this.#reachedOffset(place, file, signal);
          if (reached === "complete") {
            return; // the last piece had arrived; only its answer was lost
          }
          [offset, isCertain] = [reached, true];
        }
        const end = Math.min(content.size, offset + pieceBytes);
        if ((await this.#sendPiece(place, path, content, { start: offset, end }, options)) !== end) {
          throw new UploadLostError([path]); // somebody else writes there, or bytes came twice
        }
        [offset, attempt] = [end, -1];
        if (offset === content.size) {
          return;
        }
      } catch (error) {
        if (!(isInterruption(error) || error instanceof ConflictError) || attempt >= retries) {
          throw error;
        }
        isCertain = false;
        onInterruption?.(error);
        await delay(backoffMs(Math.max(attempt, 0), transferBackoff, Math.random()), signal);
      }
    }
  }

  /** @returns How far the server has got. */
  async #sendPiece(
    place: TransferPlace,
    path: string,
    content: FolderUpload,
    { start, end }: { start: number; end: number },
    { signal, onProgress }: FolderTransferOptions,
  ): Promise<number> {
    const watch = new StallWatch(this.#context.transport.timeouts.bodyMs, `PATCH ${place.route}`);
    const stream: StreamBody = {
      contentType: "application/offset+octet-stream",
      bytes: end - start,
      open: () =>
        Readable.from(
          counted(content.open(start, end), { path, expected: end - start }, (bytes) => {
            watch.touch();
            onProgress?.({ file: path, transferredBytes: start + bytes, totalBytes: content.size });
          }),
          { objectMode: false },
        ),
    };
    try {
      const answer = await this.#context.transport.send({
        ...place,
        method: "PATCH",
        headers: { ...tus, "Upload-Offset": String(start) },
        stream,
        headersMs: pieceMs,
        signal: anySignal(signal, watch.signal),
      });
      await answer.discard();
      return offsetOf(answer.header("upload-offset"), "PATCH");
    } finally {
      watch.clear();
    }
  }

  /** How far the server has got; where it appends whatever comes, once it has said the same twice. */
  async #reachedOffset(
    place: TransferPlace,
    file: FileToBe,
    signal: AbortSignal | undefined,
  ): Promise<number | "complete"> {
    let before: number | undefined;
    for (let look = 0; look < settleLooks; look++) {
      const offset = await this.#askOffset(place, signal);
      if (offset === undefined) {
        await this.#checkComplete(file, signal);
        return "complete";
      }
      if (this.#context.dialect.folders.checksOffset || offset === before) {
        return offset;
      }
      before = offset;
      await delay(settleMs, signal);
    }
    throw new ProtocolError("HEAD /upload", String(before), "the upload goes on by itself");
  }

  /** `undefined`: the server knows the upload no more. */
  async #askOffset(place: TransferPlace, signal: AbortSignal | undefined): Promise<number | undefined> {
    try {
      const answer = await this.#context.transport.send({ ...place, method: "HEAD", headers: tus, signal });
      await answer.discard();
      return offsetOf(answer.header("upload-offset"), "HEAD");
    } catch (error) {
      if (error instanceof NotFoundError) {
        return undefined;
      }
      throw error;
    }
  }

  async #checkComplete({ folder, path, size }: FileToBe, signal: AbortSignal | undefined): Promise<void> {
    const parent = posix.dirname(path);
    const entries = await this.#list(folder, parent === "." ? "" : parent, { signal });
    if (entries.find(({ name }) => name === posix.basename(path))?.size !== size) {
      throw new UploadLostError([path]);
    }
  }

  /** 19.03: `POST /folders/{name}/upload`. */
  async #sendForm(
    folder: FolderReference,
    path: string,
    content: FolderUpload,
    { signal, onProgress, onInterruption, retries = defaultRetries }: FolderTransferOptions,
  ): Promise<void> {
    const route = "/folders/{folder}/upload";
    for (let attempt = 0; ; attempt++) {
      const watch = new StallWatch(this.#context.transport.timeouts.bodyMs, `POST ${route}`);
      let sent = 0;
      const part = {
        name: path,
        isExtended: false,
        size: content.size,
        open: () => content.open(0, content.size),
      };
      const stream = multipartBody([part], (_part, bytes) => {
        watch.touch();
        sent += bytes;
        onProgress?.({ file: path, transferredBytes: sent, totalBytes: content.size });
      });
      try {
        await this.#context.transport.run({
          method: "POST",
          path: `${folderUrl(this.#context.dialect, folder)}/upload`,
          route,
          stream,
          headersMs: pieceMs,
          signal: anySignal(signal, watch.signal),
        });
        return;
      } catch (error) {
        if (!isInterruption(error) || attempt >= retries) {
          throw error;
        }
        onInterruption?.(error);
        await delay(backoffMs(attempt, transferBackoff, Math.random()), signal);
      } finally {
        watch.clear();
      }
    }
  }
}

/**
 * Passes pieces on and says how many bytes have passed.
 * @throws {ConfigurationError} when they are not as many as expected.
 */
async function* counted(
  pieces: Readable,
  { path, expected }: { path: string; expected: number },
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece as Uint8Array);
    passed += bytes.length;
    if (passed > expected) {
      break;
    }
    yield bytes;
    onBytes(passed);
  }
  if (passed !== expected) {
    throw new ConfigurationError("files", `${path} changed its size while it was sent.`);
  }
}

function offsetOf(header: string | undefined, method: string): number {
  const offset = Number(header ?? Number.NaN);
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new ProtocolError(`${method} /upload`, header ?? "", "names no offset");
  }
  return offset;
}
