import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { Emitter } from "../../base/event.js";
import type { FileAccess, FileInfo, NamedFile } from "../access/fileAccess.js";
import { FileAccessError, isFileFailure } from "../access/fileAccessError.js";
import { isSameStamp } from "./fileStamps.js";
import { isProbe } from "./probes.js";

/** How long a listing answers for its folder, in milliseconds. */
const lifeMs = 2000;

/** How long a listing is believed that something is missing which no tool looks for by habit, in milliseconds. */
const absenceMs = 250;

/** Folders with more entries than this are not listed to look at one of them. */
const largeFolder = 5000;

/** Folders that are remembered, and entries in all of them together; the ones used longest ago are forgotten. */
const folderLimit = 500;
const entryLimit = 200_000;

/** What happened to something in a session. */
export interface PathChange {
  readonly path: string;
  readonly kind: "created" | "changed" | "deleted";
}

/** The entries of a folder by their names. */
export type Listing = ReadonlyMap<string, NamedFile>;

interface Folder {
  /** What was there at the last look; none before the first answer. */
  entries: Map<string, NamedFile> | undefined;
  /** When the last look began; `-Infinity` once something was done to the folder from here. */
  at: number;
  asking: Promise<Listing> | undefined;
}

/**
 * What is in the folders of one session, asked once however often it is wanted: for a short while a listing answers for all
 * that is in it. What differs from the look before is told.
 */
export class DirectoryCache {
  readonly #access: FileAccess;
  readonly #signal: AbortSignal;
  readonly #folders = new Map<string, Folder>();
  readonly #didChange = new Emitter<readonly PathChange[]>();

  /** Told of what others did, at the look that shows it. */
  readonly onDidChange = this.#didChange.event;

  /** @param signal Ends all that is asked. */
  constructor(access: FileAccess, signal: AbortSignal) {
    this.#access = access;
    this.#signal = signal;
  }

  /** Folders that somebody looked into, those used last at the end. */
  get folders(): readonly string[] {
    return [...this.#folders].filter(([, { entries }]) => entries !== undefined).map(([path]) => path);
  }

  /** The number of entries of a folder at the last look. */
  sizeOf(path: string): number | undefined {
    return this.#folders.get(path)?.entries?.size;
  }

  /**
   * The entries of a folder.
   * @param isFresh Whether the answer must be asked for now.
   */
  async list(path: string, isFresh = false): Promise<Listing> {
    if (isProbe(posix.basename(path)) && !this.#folders.has(path)) {
      await this.list(posix.dirname(path)).catch(() => undefined); // most folders have none of these, and many things ask
    }
    if (this.isKnownMissing(path)) {
      throw missing(path);
    }
    const folder = this.#folders.get(path) ?? { entries: undefined, at: -Infinity, asking: undefined };
    this.#use(path, folder);
    if (!isFresh && folder.entries !== undefined && folder.at + lifeMs > performance.now()) {
      return folder.entries;
    }
    folder.asking ??= this.#ask(path, folder);
    return folder.asking;
  }

  /**
   * What is at a path, from the listing of its folder.
   * @param isFresh Whether the answer must be asked for now.
   */
  async stat(path: string, isFresh = false): Promise<FileInfo> {
    const parent = posix.dirname(path);
    if (path === parent || isFresh || (this.sizeOf(parent) ?? 0) > largeFolder) {
      return this.#look(path);
    }
    let listing: Listing;
    try {
      listing = await this.list(parent);
    } catch (error) {
      if (isFileFailure(error, "notFound")) {
        throw missing(path);
      }
      return this.#look(path); // a folder may be passed through without being read
    }
    const entry = listing.get(posix.basename(path));
    if (entry !== undefined) {
      return entry;
    }
    if (isProbe(posix.basename(path)) || this.#age(parent) < absenceMs) {
      throw missing(path);
    }
    return this.#look(path);
  }

  /** Whether a listing that still counts says that nothing is at a path which tools look for by habit. */
  isKnownMissing(path: string): boolean {
    for (let inner = path; inner !== "/"; inner = posix.dirname(inner)) {
      const parent = posix.dirname(inner);
      const entries = this.#age(parent) < lifeMs ? this.#folders.get(parent)?.entries : undefined;
      if (entries !== undefined) {
        return !entries.has(posix.basename(inner)) && isProbe(posix.basename(inner));
      }
    }
    return false;
  }

  /** Takes in what was done from here: `undefined` when nothing is at the path any more. Nobody is told. */
  note(path: string, info: FileInfo | undefined): void {
    const folder = this.#folders.get(posix.dirname(path));
    const name = posix.basename(path);
    if (folder !== undefined) {
      folder.at = -Infinity;
      folder.asking = undefined; // what is on its way may be from before
      if (info === undefined) {
        folder.entries?.delete(name);
      } else {
        folder.entries?.set(name, { ...info, name });
      }
    }
    if (info?.type !== "directory") {
      this.#forgetBelow(path);
    }
  }

  /** Has the next question about a folder, and about all below it, asked anew. */
  expire(path: string): void {
    for (const [other, folder] of this.#folders) {
      if (other === path || isBelow(other, path)) {
        folder.at = -Infinity;
        folder.asking = undefined;
      }
    }
  }

  #use(path: string, folder: Folder): void {
    this.#folders.delete(path);
    this.#folders.set(path, folder);
    let total = [...this.#folders.values()].reduce((sum, { entries }) => sum + (entries?.size ?? 0), 0);
    for (const [oldest, { entries }] of this.#folders) {
      if ((total <= entryLimit && this.#folders.size <= folderLimit) || oldest === path) {
        return;
      }
      this.#folders.delete(oldest);
      total -= entries?.size ?? 0;
    }
  }

  #ask(path: string, folder: Folder): Promise<Listing> {
    const at = performance.now();
    const asking = this.#access.list(path, { signal: this.#signal }).then(
      (list) => {
        const entries = new Map(list.map((entry) => [entry.name, entry]));
        if (folder.asking === asking) {
          const changes = folder.entries === undefined ? [] : differences(path, folder.entries, entries);
          Object.assign(folder, { entries, at, asking: undefined });
          this.#tell(changes);
        }
        return entries;
      },
      (error: unknown) => {
        if (folder.asking === asking) {
          folder.asking = undefined;
        }
        if (isFileFailure(error, "notFound") || isFileFailure(error, "notADirectory")) {
          this.#folders.delete(path);
        }
        throw error;
      },
    );
    return asking;
  }

  async #look(path: string): Promise<FileInfo> {
    const entries = this.#folders.get(posix.dirname(path))?.entries;
    const name = posix.basename(path);
    const old = entries?.get(name);
    try {
      const info = await this.#access.stat(path, { signal: this.#signal });
      if (entries?.get(name) === old && entries !== undefined && path !== "/") {
        entries.set(name, { ...info, name });
        this.#tell(old === undefined ? [{ path, kind: "created" }] : changeOf(path, old, info));
      }
      return info;
    } catch (error) {
      if (isFileFailure(error, "notFound") && old !== undefined && entries?.get(name) === old) {
        entries.delete(name);
        this.#forgetBelow(path);
        this.#tell([{ path, kind: "deleted" }]);
      }
      throw error;
    }
  }

  #age(path: string): number {
    return performance.now() - (this.#folders.get(path)?.at ?? -Infinity);
  }

  #forgetBelow(path: string): void {
    for (const other of this.#folders.keys()) {
      if (other === path || isBelow(other, path)) {
        this.#folders.delete(other);
      }
    }
  }

  #tell(changes: readonly PathChange[]): void {
    for (const { path, kind } of changes) {
      if (kind === "deleted") {
        this.#forgetBelow(path);
      }
    }
    if (changes.length > 0) {
      this.#didChange.fire(changes);
    }
  }
}

/** Whether a path is inside a folder. */
export function isBelow(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

function differences(folder: string, before: Listing, after: Listing): PathChange[] {
  const gone = [...before.keys()].filter((name) => !after.has(name));
  return [
    ...gone.map((name) => ({ path: posix.join(folder, name), kind: "deleted" as const })),
    ...[...after].flatMap(([name, entry]): readonly PathChange[] => {
      const path = posix.join(folder, name);
      const old = before.get(name);
      return old === undefined ? [{ path, kind: "created" }] : changeOf(path, old, entry);
    }),
  ];
}

/** Folders change with what is in them, which is told by itself. */
function changeOf(path: string, old: FileInfo, info: FileInfo): readonly PathChange[] {
  const isSameKind = old.type === info.type && old.isLink === info.isLink && isSameMode(old, info);
  return isSameKind && (info.type === "directory" || isSameStamp(old, info))
    ? []
    : [{ path, kind: "changed" }];
}

function missing(path: string): FileAccessError {
  return new FileAccessError("notFound", path, l10n.t("{0} is not in the session.", path));
}

/** Some ways to files know no modes. */
function isSameMode(a: FileInfo, b: FileInfo): boolean {
  return a.mode === undefined || b.mode === undefined || a.mode === b.mode;
}
