import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { TurnQueue } from "../../base/turnQueue.js";

/** A virtual folder: a real directory that outlives sessions. */
export interface Folder {
  readonly name: string;
  /** 32 hex digits. */
  readonly id: string;
  readonly directory: string;
  readonly createdAt: Date;
  /** `delete-pending`: in the trash. */
  readonly status: "ready" | "delete-pending";
}

const Entry = z.object({
  id: z.string(),
  name: z.string(),
  /** Name of its directory: the first name that the folder had, so that what mounts it stays right. */
  directory: z.string(),
  created: z.number(),
  status: z.enum(["ready", "delete-pending"]),
});
type Entry = z.infer<typeof Entry>;

/**
 * What is known of folders beyond their directories: kept among them, so that it lasts as long as they do. One thing is done after
 * the other: what comes of looking at the directories is not to be done twice.
 */
export class FolderIndex {
  #entries: Promise<Entry[]> | undefined;
  readonly #turns = new TurnQueue();

  constructor(readonly directory: string) {}

  /** Every folder; directories that somebody else put here are folders as well. */
  async list(): Promise<Folder[]> {
    return this.#inTurn(async () => this.#list());
  }

  /** Makes the directory of a new folder; `undefined` where another one goes by that name already. */
  async add(name: string): Promise<Folder | undefined> {
    return this.#inTurn(async () => ((await this.#isTaken(name)) ? undefined : this.#add(name)));
  }

  /** Gives a folder another name; `false` where a folder goes by that one already. */
  async rename(id: string, name: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if (await this.#isTaken(name)) {
        return false;
      }
      await this.#change(id, { name });
      return true;
    });
  }

  async setStatus(id: string, status: Folder["status"]): Promise<void> {
    await this.#inTurn(async () => this.#change(id, { status }));
  }

  async remove(id: string): Promise<void> {
    await this.#inTurn(async () => {
      const entries = await this.#read();
      const place = entries.findIndex((entry) => entry.id === id);
      if (place >= 0) {
        entries.splice(place, 1);
        await this.#write();
      }
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.#turns.enter(this.directory, undefined);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  async #isTaken(name: string): Promise<boolean> {
    return (await this.#list()).some((folder) => isMeant(folder, name));
  }

  /** What is not there changes nothing. */
  async #change(id: string, change: Partial<Pick<Entry, "name" | "status">>): Promise<void> {
    const entry = (await this.#read()).find((candidate) => candidate.id === id);
    if (entry !== undefined) {
      Object.assign(entry, change);
      await this.#write();
    }
  }

  async #list(): Promise<Folder[]> {
    const entries = await this.#read();
    const found = await readdir(this.directory, { withFileTypes: true }).catch(() => []);
    const directories = new Set(found.filter((entry) => entry.isDirectory()).map(({ name }) => name));
    const gone = entries.filter(({ directory }) => !directories.has(directory));
    for (const entry of gone) {
      entries.splice(entries.indexOf(entry), 1);
    }
    const known = new Set(entries.map(({ directory }) => directory));
    for (const name of directories) {
      if (!known.has(name)) {
        const { birthtimeMs } = await stat(path.join(this.directory, name));
        entries.push({ ...fresh(name), created: birthtimeMs });
      }
    }
    return entries.map((entry) => this.#folder(entry));
  }

  async #add(name: string): Promise<Folder> {
    const entries = await this.#read();
    const isTaken = entries.some(({ directory }) => directory === name);
    const entry = {
      ...fresh(name),
      ...(isTaken ? { directory: `${name}-${randomUUID().slice(0, 8)}` } : {}),
    };
    await mkdir(path.join(this.directory, entry.directory), { recursive: true });
    entries.push(entry);
    await this.#write();
    return this.#folder(entry);
  }

  #folder({ id, name, directory, created, status }: Entry): Folder {
    return {
      id,
      name,
      directory: path.join(this.directory, directory),
      createdAt: new Date(created),
      status,
    };
  }

  async #read(): Promise<Entry[]> {
    this.#entries ??= readFile(this.#file, "utf8")
      .then((text) => z.array(Entry).parse(JSON.parse(text)))
      .catch(() => []); // a first start, or not ours: the directories are what counts
    return this.#entries;
  }

  /** Never half of it. */
  async #write(): Promise<void> {
    const draft = `${this.#file}.new`;
    await writeFile(draft, JSON.stringify(await this.#read()), { mode: 0o600 });
    await rename(draft, this.#file);
  }

  get #file(): string {
    return path.join(this.directory, ".index.json");
  }
}

/** Whether a folder's name, or its id in either form, is what somebody says. */
export function isMeant({ name, id }: Folder, reference: string): boolean {
  return name === reference || id === reference.replaceAll("-", "");
}

function fresh(name: string): Entry {
  const id = randomUUID().replaceAll("-", "");
  return { id, name, directory: name, created: Date.now(), status: "ready" };
}
