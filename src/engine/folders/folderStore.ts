import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import type { Era } from "../era.js";
import { Refusal } from "../http/refusal.js";
import { removeTree } from "../removeTree.js";
import type { Session } from "../sessions/session.js";
import { type Folder, FolderIndex, isMeant } from "./folderIndex.js";

export type { Folder } from "./folderIndex.js";

/** The folder in which the output of batch sessions is kept. */
export const logsFolder = ".logs";
const namePattern = /^[\w.][\w. -]{0,63}$/;
/** Names that would change how sessions start (`protocol.md` §6.5). */
const reservedPattern = /^(?:\.|\.\.|\.ssh|\.terminfo|\.[a-z0-9]+rc|\.[a-z0-9]+_profile)$/;
const existsText = "The virtual folder already exists with the same name.";

/** The virtual folders: the directories below `folders` of the data directory. */
export class FolderStore {
  readonly #index: FolderIndex;
  readonly #era: Era;

  constructor(
    readonly directory: string,
    era: Era,
  ) {
    this.#index = new FolderIndex(directory);
    this.#era = era;
  }

  /** All of them, those in the trash as well. */
  async list(): Promise<Folder[]> {
    return this.#index.list();
  }

  /** A folder by name or id, or `undefined`. */
  async find(reference: string): Promise<Folder | undefined> {
    return (await this.list()).find((folder) => isMeant(folder, reference));
  }

  /** @throws {Refusal} 404. */
  async get(reference: string): Promise<Folder> {
    const folder = await this.find(reference);
    if (folder === undefined) {
      throw new Refusal("folder-not-found", { data: reference });
    }
    return folder;
  }

  /**
   * One that sessions can mount.
   * @throws {Refusal} 404 also for what is in the trash.
   */
  async mountable(reference: string): Promise<Folder> {
    const folder = await this.get(reference);
    if (folder.status !== "ready") {
      throw new Refusal("folder-not-found", { data: reference });
    }
    return folder;
  }

  /** @throws {Refusal} when the name is none, or taken. */
  async create(name: string): Promise<Folder> {
    checkName(name);
    const made = await this.#index.add(name);
    if (made === undefined) {
      throw this.#era.since("26.1")
        ? new Refusal("invalid-params", {
            msg: `${existsText} (VFolder with the given name already exists. (${name}))`,
          })
        : new Refusal("folder-exists", { data: name });
    }
    return made;
  }

  /** @throws {Refusal} when the name is none, or taken. */
  async rename(folder: Folder, name: string): Promise<void> {
    checkName(name);
    if (!(await this.#index.rename(folder.id, name))) {
      const msg = "One of your accessible vfolders already has the name you requested.";
      throw new Refusal(this.#era.since("26.1") ? "folder-parameter" : "invalid-params", { msg });
    }
  }

  /** Into the trash. */
  async trash(folder: Folder): Promise<void> {
    await this.#index.setStatus(folder.id, "delete-pending");
  }

  /** Out of the trash. */
  async restore(folder: Folder): Promise<void> {
    await this.#index.setStatus(folder.id, "ready");
  }

  /** With all its files. */
  async delete(folder: Folder): Promise<void> {
    await removeTree(folder.directory);
    await this.#index.remove(folder.id);
  }

  /** Makes the folders of a session appear under its `/home/work`. */
  async mount(session: Session): Promise<void> {
    const mounts = new Map(session.spec.mounts);
    if (session.spec.type === "batch" && !mounts.has(logsFolder)) {
      await this.#index.add(logsFolder); // where there is none
      mounts.set(logsFolder, logsFolder);
    }
    const directories: string[] = [];
    for (const [name, place] of mounts) {
      const folder = await this.mountable(name);
      const target = path.join(session.workDir, place);
      await mkdir(path.dirname(target), { recursive: true });
      await symlink(folder.directory, target, "dir");
      directories.push(folder.directory);
    }
    session.mountedDirs = directories;
  }
}

function checkName(name: string): void {
  if (!namePattern.test(name) || reservedPattern.test(name)) {
    throw new Refusal("invalid-params", {
      msg: `VFolder name '${name}' is reserved for internal operations`,
    });
  }
}
