import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { ListFilesResponse } from "../../wire/records/files.js";
import { type Context, sessionRequest } from "../context.js";
import { UnsafePathError } from "../errors.js";
import type { SessionCallOptions } from "../options.js";
import { type DownloadedFile, Downloader, type DownloadOptions } from "./download.js";
import { Extraction } from "./extract.js";
import { type DirectoryListing, readEntries } from "./fileEntry.js";
import { fileErrorOf, translateFileError } from "./fileErrors.js";
import { Uploader, type UploadFile, type UploadOptions } from "./upload.js";

/** Files of sessions, below `/home/work` (`protocol.md` §6). */
export class FileCalls {
  readonly #context: Context;
  readonly #uploader: Uploader;
  readonly #downloader: Downloader;

  constructor(context: Context) {
    this.#context = context;
    this.#uploader = new Uploader(context, async (id, path, { signal, ownerAccessKey }) =>
      this.list(id, path, { signal, ownerAccessKey }),
    );
    this.#downloader = new Downloader(context);
  }

  /**
   * One directory, unsorted, not recursive. `GET {prefix}/{id}/files`, any manager (§6.3): the path goes in the query *and* in a
   * body, as releases differ in which they read.
   * @param path Relative to `/home/work`, or absolute.
   * @throws {NotFoundError}
   * @throws {NotADirectoryError}
   * @throws {ForbiddenError} Outside the home directory; 26.x says
   * only `ServerError` there.
   */
  async list(id: string, path = ".", call: SessionCallOptions = {}): Promise<DirectoryListing> {
    const parameters = { query: { path }, json: { path } };
    const spec = sessionRequest(this.#context, { ...call, method: "GET", id, tail: "/files", ...parameters });
    try {
      const { files, errors } = await this.#context.transport.json(ListFilesResponse, spec);
      if (files.trim() === "") {
        throw fileErrorOf(errors || `nothing was listed of ${path}`, {
          status: 200,
          method: "GET",
          path: spec.route,
        });
      }
      return { path, entries: readEntries(files, `GET ${spec.route}`), errors: errors ?? "" };
    } catch (error) {
      throw translateFileError(error, path);
    }
  }

  /**
   * Writes files; parents are made, existing files overwritten. `POST {prefix}/{id}/upload`, any manager (§6.1), in requests of
   * up to 20 files; then each folder is listed, as some servers answer that they took what they dropped. Files may belong to
   * root (`real-servers.md`).
   * @throws {FileTooLargeError} for 1 MiB and more
   * @throws {UnsafePathError} outside `/home/work`: before a byte is sent.
   * @throws {UploadLostError} when the server took files and does not have them.
   */
  async upload(id: string, files: readonly UploadFile[], options: UploadOptions = {}): Promise<void> {
    await this.#uploader.upload(id, files, options);
  }

  /**
   * Uploads local files under the paths that they have relative to `baseDirectory`.
   * @throws {UnsafePathError} for a file outside of it, before a byte is sent. See {@link upload}.
   */
  async uploadFrom(
    id: string,
    localPaths: readonly string[],
    baseDirectory: string,
    options: UploadOptions = {},
  ): Promise<void> {
    const files = await Promise.all(localPaths.map(async (path) => localFile(path, baseDirectory)));
    await this.#uploader.upload(id, files, options);
  }

  /**
   * Files, and the trees of folders, one after the other; each is whole in memory, 1 MiB at most. `{prefix}/{id}/download`, any
   * manager (§6.2).
   * @throws {NotFoundError}
   * @throws {FileTooLargeError} for tars over 1 MiB
   * @throws {ForbiddenError}; 26.x says only `ServerError` for all three.
   */
  download(
    id: string,
    paths: readonly string[],
    options: DownloadOptions = {},
  ): AsyncIterable<DownloadedFile> {
    return this.#downloader.download(id, paths, options);
  }

  /**
   * Downloads below a local folder, under the paths relative to `/home/work`.
   * @returns The paths written.
   * @throws {UnsafePathError} for links, for whatever would leave `destination`, for names that mean something else on this computer,
   * and for a second file of the same name. See {@link download}.
   */
  async downloadTo(
    id: string,
    paths: readonly string[],
    destination: string,
    options: DownloadOptions = {},
  ): Promise<readonly string[]> {
    const written: string[] = [];
    const extraction = new Extraction(destination);
    for await (const file of this.#downloader.download(id, paths, options)) {
      written.push(await extraction.write(file));
    }
    return written;
  }

  /** The bytes of one file, 1 MiB at most. `{prefix}/{id}/download_single`, or `/download` before 23.09 (§6.2). */
  async downloadSingle(id: string, path: string, call: SessionCallOptions = {}): Promise<Buffer> {
    return this.#downloader.single(id, path, call);
  }
}

async function localFile(path: string, baseDirectory: string): Promise<UploadFile> {
  const name = relative(resolve(baseDirectory), resolve(baseDirectory, path));
  if (name === "" || name === ".." || name.startsWith(`..${sep}`) || resolve(name) === name) {
    throw new UnsafePathError(path, `is not inside ${baseDirectory}`);
  }
  const absolute = resolve(baseDirectory, path);
  const { size } = await stat(absolute);
  return { path: name.split(sep).join("/"), size, content: () => createReadStream(absolute) };
}
