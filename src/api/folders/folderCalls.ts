import * as z from "zod/mini";
import { FolderRecord } from "../../wire/records/folders.js";
import { type Context, requireFeature } from "../context.js";
import type { CallOptions } from "../options.js";
import {
  checkFolderName,
  type Folder,
  type FolderDetails,
  folderDetailsOf,
  folderOf,
  type FolderReference,
  folderUrl,
} from "./folder.js";
import { withFolderErrors } from "./folderErrors.js";
import { FolderFileCalls } from "./folderFileCalls.js";

/** A folder to be made. */
export interface FolderCreateOptions extends CallOptions {
  /** Where to store it; the server's default when absent. */
  readonly host?: string | undefined;
  /** Name or id of the project that shall own it; the caller when absent. */
  readonly group?: string | undefined;
}

const repeatable = { isRepeatable: true } as const;
const trashed = "delete-pending";
const route = "/folders/{folder}";

/** Virtual folders: directories that outlive sessions, and that sessions mount (`protocol.md` §6.5). */
export class FolderCalls {
  /** The files in them. */
  readonly files: FolderFileCalls;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
    this.files = new FolderFileCalls(context);
  }

  /** The folders that the caller can mount; those in the trash are left out. `GET /folders`, any manager. */
  async list(call: CallOptions = {}): Promise<readonly Folder[]> {
    return (await this.#all(call)).filter(({ status }) => !/^delet|^error$/.test(status ?? ""));
  }

  /**
   * The folders in the trash. `GET /folders`, 24.03+.
   * @throws {UnsupportedError} on older servers, which delete at once.
   */
  async trash(call: CallOptions = {}): Promise<readonly Folder[]> {
    requireFeature(this.#context, "folderTrash", "The trash of folders");
    return (await this.#all(call)).filter(({ status }) => status === trashed);
  }

  /**
   * `GET /folders/{folder}`, any manager.
   * @throws {NotFoundError}
   */
  async info(folder: FolderReference, { signal }: CallOptions = {}): Promise<FolderDetails> {
    const spec = { method: "GET", path: folderUrl(this.#context.dialect, folder), route, signal } as const;
    return folderDetailsOf(await this.#context.transport.json(FolderRecord, spec));
  }

  /**
   * `POST /folders`, any manager.
   * @throws {ConfigurationError} for what can be no name, before a byte is sent.
   * @throws {ConflictError} when a folder, be it in the trash, has that name.
   */
  async create(name: string, { host, group, signal }: FolderCreateOptions = {}): Promise<Folder> {
    const json = { name: checkFolderName(name), host, group };
    // Folders that are made at the same time make servers of 24.09 stumble; none is left of one that failed.
    const spec = {
      method: "POST",
      path: "/folders",
      route: "/folders",
      json,
      signal,
      isRepeatable: true,
    } as const;
    return withFolderErrors(async () => folderOf(await this.#context.transport.json(FolderRecord, spec)));
  }

  /**
   * `POST /folders/{folder}/rename`, any manager.
   * @returns The folder by its new name.
   * @throws {ConfigurationError}
   * @throws {ConflictError} See {@link create}.
   */
  async rename<F extends FolderReference>(
    folder: F,
    name: string,
    { signal }: CallOptions = {},
  ): Promise<F & FolderReference> {
    const path = `${folderUrl(this.#context.dialect, folder)}/rename`;
    const json = { new_name: checkFolderName(name) };
    await this.#run({ method: "POST", path, route: `${route}/rename`, json, signal });
    return { ...folder, name };
  }

  /**
   * Moves a folder to the trash, or removes it where there is none (before 24.03: `client.dialect.folders.deletion`).
   * `DELETE /folders/{name}`, since 24.03 `DELETE /folders`.
   * @throws {ForbiddenError} when it is somebody else's.
   */
  async delete(folder: FolderReference, { signal }: CallOptions = {}): Promise<void> {
    const { dialect } = this.#context;
    await this.#run(
      dialect.folders.addressing === "id"
        ? {
            ...repeatable,
            method: "DELETE",
            path: "/folders",
            route: "/folders",
            json: { id: folder.id },
            signal,
          }
        : { ...repeatable, method: "DELETE", path: folderUrl(dialect, folder), route, signal },
    );
  }

  /**
   * Takes a folder out of the trash. `POST /folders/restore-from-trash-bin`, 24.03+.
   * @throws {UnsupportedError}
   */
  async restore(folder: FolderReference, call: CallOptions = {}): Promise<void> {
    await this.#inTrash("restore-from-trash-bin", folder, call);
  }

  /**
   * Removes a folder in the trash with all its files. `POST /folders/delete-from-trash-bin`, 24.03+.
   * @throws {UnsupportedError}
   */
  async deleteForever(folder: FolderReference, call: CallOptions = {}): Promise<void> {
    await this.#inTrash("delete-from-trash-bin", folder, call);
  }

  /**
   * Makes the server forget a folder that was removed: for administrators. `POST /folders/purge`, 24.03+.
   * @throws {ForbiddenError} for others.
   * @throws {UnsupportedError}
   */
  async purge(folder: FolderReference, call: CallOptions = {}): Promise<void> {
    await this.#inTrash("purge", folder, call);
  }

  async #inTrash(verb: string, { id }: FolderReference, { signal }: CallOptions): Promise<void> {
    requireFeature(this.#context, "folderTrash", "The trash of folders");
    const path = `/folders/${verb}`;
    await this.#run({ ...repeatable, method: "POST", path, route: path, json: { id }, signal });
  }

  async #all({ signal }: CallOptions): Promise<readonly Folder[]> {
    const spec = { method: "GET", path: "/folders", route: "/folders", signal } as const;
    return (await this.#context.transport.json(z.array(FolderRecord), spec)).map(folderOf);
  }

  async #run(spec: Parameters<Context["transport"]["run"]>[0]): Promise<void> {
    await withFolderErrors(async () => this.#context.transport.run(spec));
  }
}
