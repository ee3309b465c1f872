import { randomUUID } from "node:crypto";
import { mkdir, readdir, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { Refusal } from "../http/refusal.js";
import { removeTree } from "../removeTree.js";
import type { Session } from "../sessions/session.js";

/** A virtual folder: a real directory that outlives sessions. */
export interface Folder {
  readonly name: string;
  /** 32 hex digits. */
  readonly id: string;
  readonly directory: string;
  readonly createdAt: Date;
}

/** The folder in which the output of batch sessions is kept. */
export const logsFolder = ".logs";
const namePattern = /^[\w.][\w. -]{0,63}$/;

/** The virtual folders: the directories below `folders` of the data directory. */
export class FolderStore {
  readonly #ids = new Map<string, string>();

  constructor(readonly directory: string) {}

  async list(): Promise<Folder[]> {
    const entries = await readdir(this.directory, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => this.#folder(entry.name));
    return Promise.all(folders);
  }

  /** A folder by name or id, or `undefined`. */
  async find(reference: string): Promise<Folder | undefined> {
    const id = reference.replaceAll("-", "");
    return (await this.list()).find((folder) => folder.name === reference || folder.id === id);
  }

  /** @throws {Refusal} 404. */
  async get(reference: string): Promise<Folder> {
    const folder = await this.find(reference);
    if (folder === undefined) {
      throw new Refusal("folder-not-found", { data: { vfolder_name: reference } });
    }
    return folder;
  }

  /** @throws {Refusal} when the name is none, or taken. */
  async create(name: string): Promise<Folder> {
    if (!namePattern.test(name) || name === "." || name === "..") {
      throw new Refusal("invalid-params", { msg: "Invalid vfolder name." });
    }
    if ((await this.find(name)) !== undefined) {
      throw new Refusal("folder-exists");
    }
    return this.#make(name);
  }

  async delete(folder: Folder): Promise<void> {
    await removeTree(folder.directory);
    this.#ids.delete(folder.name);
  }

  /** Makes the folders of a session appear under its `/home/work`. */
  async mount(session: Session): Promise<void> {
    const mounts = new Map(session.spec.mounts);
    if (session.spec.type === "batch" && !mounts.has(logsFolder)) {
      await this.#make(logsFolder);
      mounts.set(logsFolder, logsFolder);
    }
    const directories: string[] = [];
    for (const [name, place] of mounts) {
      const folder = await this.get(name);
      const target = path.join(session.workDir, place);
      await mkdir(path.dirname(target), { recursive: true });
      await symlink(folder.directory, target, "dir");
      directories.push(folder.directory);
    }
    session.mountedDirs = directories;
  }

  async #make(name: string): Promise<Folder> {
    await mkdir(path.join(this.directory, name), { recursive: true });
    return this.#folder(name);
  }

  async #folder(name: string): Promise<Folder> {
    const directory = path.join(this.directory, name);
    const id = this.#ids.get(name) ?? randomUUID().replaceAll("-", "");
    this.#ids.set(name, id);
    const { birthtime } = await stat(directory);
    return { name, id, directory, createdAt: birthtime };
  }
}
