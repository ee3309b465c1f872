import { posix } from "node:path";
import { ProtocolError } from "../../base/errors.js";
import { limits } from "../../wire/limits.js";
import { type Context, type SessionCall, sessionRequest } from "../context.js";
import type { Progress, SessionCallOptions } from "../options.js";
import type { Answer } from "../transport/answer.js";
import { translateFileError } from "./fileErrors.js";
import { boundaryOf, readParts } from "./multipartReader.js";
import { relativeName } from "./remoteName.js";
import { type ArchivedFile, readTar } from "./tarReader.js";

/** A file that was read from a session. */
export interface DownloadedFile {
  /** Relative to `/home/work`. Comes from the session's container: check it before writing anywhere. */
  readonly path: string;
  readonly type: ArchivedFile["type"];
  /** Permission bits. */
  readonly mode: number;
  readonly mtime: Date | undefined;
  readonly bytes: Buffer;
}

/** How to download. */
export interface DownloadOptions extends SessionCallOptions {
  /** Told after each piece; `file` is what was asked for. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Most bytes of one tar that is taken into memory: servers refuse to send more than 1 MiB. */
const tarBytes = limits.downloadTarBytes + 64 * 1024;

/** Reads files from sessions in this server's form (`protocol.md` §6.2). */
export class Downloader {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Files and whole folders, in the order asked for; one request's files are on their way at a time. */
  async *download(
    id: string,
    paths: readonly string[],
    options: DownloadOptions,
  ): AsyncGenerator<DownloadedFile, void, undefined> {
    const names = paths.map(relativeName);
    const batch = this.#context.dialect.files.download === "get" ? 1 : limits.downloadFiles;
    for (let start = 0; start < names.length; start += batch) {
      yield* this.#batch(id, names.slice(start, start + batch), options);
    }
  }

  /** One file's bytes. */
  async single(id: string, path: string, call: SessionCallOptions): Promise<Buffer> {
    const name = relativeName(path);
    const { download, downloadSingle } = this.#context.dialect.files;
    if (downloadSingle !== "raw") {
      return this.#firstFile(id, name, call);
    }
    const method = download === "get" ? "GET" : "POST";
    const json = download === "post-body" ? { file: name } : undefined;
    const request = { ...call, method, id, tail: "/download_single", query: { file: name }, json } as const;
    return (await this.#send(request, name)).bytes(tarBytes);
  }

  /** Servers before 23.09 give a tar here, if they have the call at all: the plain download serves as well. */
  async #firstFile(id: string, name: string, call: SessionCallOptions): Promise<Buffer> {
    for await (const file of this.#batch(id, [name], call)) {
      if (file.type === "file") {
        return file.bytes;
      }
    }
    return Buffer.alloc(0);
  }

  async *#batch(
    id: string,
    names: readonly string[],
    options: DownloadOptions,
  ): AsyncGenerator<DownloadedFile, void, undefined> {
    const { signal, ownerAccessKey } = options;
    const answer = await this.#send({ ...this.#form(id, names), signal, ownerAccessKey }, names.join(", "));
    const where = "download";
    const boundary = boundaryOf(answer.header("content-type"), where);
    const pieces = counted(answer, names, options.onProgress);
    let index = 0;
    for await (const tar of readParts(pieces, { boundary, where, partBytes: tarBytes })) {
      const name = names[index];
      if (name === undefined) {
        throw new ProtocolError(where, "", "the answer has more parts than files were asked for");
      }
      const folder = posix.dirname(name);
      index += 1;
      for (const file of await readTar(tar, where)) {
        yield { ...file, path: folder === "." ? file.path : `${folder}/${file.path}` };
      }
    }
  }

  /** Up to 23.09 a GET, one file at a time and in the query; later a POST, in the body or in the query. */
  #form(id: string, names: readonly string[]): SessionCall {
    const common = { id, tail: "/download", query: { files: names } };
    switch (this.#context.dialect.files.download) {
      case "get":
        return { ...common, method: "GET" };
      case "post-body":
      case "post-query":
        return { ...common, method: "POST", json: { files: names } };
    }
  }

  async #send(call: SessionCall, file: string): Promise<Answer> {
    try {
      return await this.#context.transport.send(
        sessionRequest(this.#context, { ...call, isRepeatable: true }),
      );
    } catch (error) {
      throw translateFileError(error, file);
    }
  }
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  names: readonly string[],
  onProgress: DownloadOptions["onProgress"],
): AsyncGenerator<Uint8Array> {
  let transferredBytes = 0;
  for await (const piece of pieces) {
    transferredBytes += piece.length;
    onProgress?.({ file: names.join(", "), transferredBytes, totalBytes: undefined });
    yield piece;
  }
}
