import { posix } from "node:path";
import { ConfigurationError } from "../../base/errors.js";
import { FolderFiles } from "../../wire/records/folders.js";
import { type Context, requireFeature } from "../context.js";
import { FileTooLargeError } from "../errors.js";
import type { CallOptions } from "../options.js";
import type { RequestSpec } from "../transport/requestSpec.js";
import { folderPath, type FolderReference, folderUrl } from "./folder.js";
import { folderEntriesOf, type FolderEntry } from "./folderEntry.js";
import { withFolderErrors } from "./folderErrors.js";
import { FolderDownloader } from "./transfer/download.js";
import type { FolderReadOptions, FolderTransferOptions } from "./transfer/transferOptions.js";
import { type FolderUpload, FolderUploader } from "./transfer/upload.js";

/**
 * Files in virtual folders, whether a session has them mounted or not (`protocol.md` §6.5). Paths are relative to the folder;
 * all calls throw {@link UnsafePathError} for those that would leave it, before a byte is sent.
 */
export class FolderFileCalls {
  readonly #context: Context;
  readonly #uploader: FolderUploader;
  readonly #downloader: FolderDownloader;

  constructor(context: Context) {
    this.#context = context;
    this.#uploader = new FolderUploader(context, async (folder, path, call) => this.list(folder, path, call));
    this.#downloader = new FolderDownloader(context);
  }

  /**
   * One directory, unsorted, not recursive. `GET /folders/{folder}/files`, any manager.
   * @throws {NotFoundError} 26.x says only `ApiError` for what is not there.
   */
  async list(
    folder: FolderReference,
    path = "",
    { signal }: CallOptions = {},
  ): Promise<readonly FolderEntry[]> {
    const spec = { ...this.#spec(folder, "GET", "files"), query: { path: folderPath(path) }, signal };
    return withFolderErrors(async () =>
      folderEntriesOf(await this.#context.transport.json(FolderFiles, spec)),
    );
  }

  /**
   * Makes a directory and its parents. `POST /folders/{folder}/mkdir`, any manager; those before 20.09 find nothing wrong with
   * one that is there.
   * @throws {ConflictError} when it is there; 26.x says only `ApiError`.
   */
  async mkdir(
    folder: FolderReference,
    path: string,
    { existOk = false, signal }: CallOptions & { readonly existOk?: boolean | undefined } = {},
  ): Promise<void> {
    const options = this.#context.dialect.folders.directoryOptions
      ? { parents: true, exist_ok: existOk }
      : {};
    await this.#run({
      ...this.#spec(folder, "POST", "mkdir"),
      json: { path: folderPath(path), ...options },
      signal,
    });
  }

  /**
   * Gives a file or directory another base name. `POST /folders/{folder}/rename-file`, 19.09+. From 20.09 on servers replace a
   * file of that name: look before.
   * @throws {NotFoundError}
   * @throws {ConfigurationError} when the name is a path.
   * @throws {UnsupportedError}
   */
  async rename(
    folder: FolderReference,
    path: string,
    name: string,
    { signal }: CallOptions = {},
  ): Promise<void> {
    requireFeature(this.#context, "folderFileRename", "Renaming files in folders");
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
      throw new ConfigurationError("name", `“${name}” is no name for a file.`);
    }
    const json = { target_path: folderPath(path), new_name: name };
    await this.#run({ ...this.#spec(folder, "POST", this.#verb("rename", "file")), json, signal });
  }

  /**
   * Moves a file or directory within its folder. `POST /folders/{folder}/move-file`, 22.03+.
   * @throws {NotFoundError}
   * @throws {UnsupportedError}
   */
  async move(folder: FolderReference, from: string, to: string, { signal }: CallOptions = {}): Promise<void> {
    requireFeature(this.#context, "folderFileMove", "Moving files in folders");
    const json = { src: folderPath(from), dst: folderPath(to) };
    await this.#run({ ...this.#spec(folder, "POST", "move-file"), json, signal });
  }

  /**
   * Removes files, and directories with what is in them: for good, there is no trash for files. `DELETE
   * /folders/{folder}/delete-files`, since 24.03 `POST`. Whether one that is missing is refused depends on the server.
   */
  async delete(
    folder: FolderReference,
    paths: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<void> {
    const files = paths.map(folderPath);
    if (files.includes("")) {
      throw new ConfigurationError("path", "A folder itself is not one of its files.");
    }
    const method = this.#context.dialect.folders.fileVerbs === "dash-post" ? "POST" : "DELETE";
    const spec = this.#spec(folder, method, this.#verb("delete", "files"));
    await this.#run({ ...spec, json: { files, recursive: true }, signal });
  }

  /**
   * Writes a file of any size; parents are made, and a file of that name is replaced in one go once all is there. By tus
   * (`/upload` of the storage proxy, since 20.09; of the manager before), in pieces that go on where the server has got to when
   * a connection is lost; as one form on 19.03, from the start each time.
   * @throws {UploadLostError} when the server took bytes and does not have them.
   */
  async upload(
    folder: FolderReference,
    path: string,
    content: FolderUpload,
    options: FolderTransferOptions = {},
  ): Promise<void> {
    const target = folderPath(path);
    const parent = posix.dirname(target);
    if (!this.#context.dialect.folders.directoryOptions && parent !== ".") {
      await this.mkdir(folder, parent, { signal: options.signal }); // the others make parents by themselves
    }
    await withFolderErrors(async () => this.#uploader.upload(folder, target, content, options));
  }

  /**
   * A file's bytes as they come, at the reader's pace; a lost connection is opened again where it broke off. `/download` of the
   * storage proxy, since 20.09; of the manager before.
   * @throws {NotFoundError}
   * @throws {ConflictError} when the file changed while it was read.
   */
  read(
    folder: FolderReference,
    path: string,
    options: FolderReadOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#downloader.read(folder, folderPath(path), options);
  }

  /**
   * A whole small file. See {@link read}.
   * @throws {FileTooLargeError} when it has more than `limitBytes`.
   */
  async bytes(
    folder: FolderReference,
    path: string,
    limitBytes: number,
    options: FolderTransferOptions = {},
  ): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of this.read(folder, path, options)) {
      size += piece.length;
      if (size > limitBytes) {
        throw new FileTooLargeError(path, undefined, limitBytes);
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces, size);
  }

  #verb(verb: string, what: string): string {
    return `${verb}${this.#context.dialect.folders.fileVerbs === "underscore" ? "_" : "-"}${what}`;
  }

  #spec<M extends RequestSpec["method"]>(
    folder: FolderReference,
    method: M,
    verb: string,
  ): { method: M; path: string; route: string } {
    const path = `${folderUrl(this.#context.dialect, folder)}/${verb}`;
    return { method, path, route: `/folders/{folder}/${verb}` };
  }

  async #run(spec: RequestSpec): Promise<void> {
    await withFolderErrors(async () => this.#context.transport.run(spec));
  }
}
