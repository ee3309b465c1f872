import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { Emitter } from "../../base/event.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { FileInfo } from "../access/fileAccess.js";
import { FileAccessError, isFileFailure } from "../access/fileAccessError.js";
import type { FilePlace } from "../filePlace.js";
import type { PathChange } from "./directoryCache.js";
import { type DocumentStat, refusesWriting, typeBits } from "./documentStat.js";
import { EditorBases, hashOf } from "./editorBases.js";
import type { PreviousContents } from "./previousContents.js";
import { copyIn } from "./copyIn.js";
import { SafeWriter } from "./safeWrite.js";
import { keyOf, type OpenFiles, type SessionView, SessionViews, type ViewChanges } from "./sessionViews.js";
import { readWhole, tooLarge } from "./wholeFile.js";

/** What is open in editors. */
export interface OpenEditors {
  isOpen(place: FilePlace): boolean;
  /** Whether there are changes that are not saved. */
  isDirty(place: FilePlace): boolean;
  /**
   * What is open of a file is saved, as far as it was these bytes then.
   * @returns To be called when that failed.
   */
  saving(place: FilePlace, bytes: Uint8Array): () => void;
}

/** What files of sessions as VS Code uses them are made with. */
export interface SessionFileSystemParts {
  readonly open: OpenFiles;
  readonly editors: OpenEditors;
  readonly previous: PreviousContents;
  /** Largest file that is read whole, in bytes. */
  readonly limitBytes: () => number;
  readonly logger: Logger;
}

/** How VS Code writes. */
export interface DocumentWriteOptions {
  readonly create: boolean;
  readonly overwrite: boolean;
}

/**
 * The files of all sessions, with the operations of VS Code's `FileSystemProvider`. Besides `FileAccessError` they throw what the
 * connection throws.
 */
export class SessionFileSystem implements Disposable {
  readonly #parts: SessionFileSystemParts;
  readonly #ending = new AbortController();
  readonly #owned = new DisposableStore();
  readonly #bases = new EditorBases();
  readonly #writer: SafeWriter;
  readonly #didChange = this.#owned.add(new Emitter<ViewChanges>());
  readonly #didRefuse = this.#owned.add(
    new Emitter<{ readonly place: FilePlace; readonly error: FileAccessError }>(),
  );

  readonly views: SessionViews;
  /** Told of all changes, those from here included. */
  readonly onDidChange = this.#didChange.event;
  /** Told when a file was not read because it is too large, or not written because somebody else has changed it. */
  readonly onDidRefuse = this.#didRefuse.event;

  constructor(parts: SessionFileSystemParts) {
    this.#parts = parts;
    this.#owned.defer(() => this.#ending.abort());
    this.views = this.#owned.add(new SessionViews(parts.open, this.#signal));
    this.#owned.add(this.views.onDidChange((changes) => this.#didChange.fire(changes)));
    this.#writer = new SafeWriter({ ...parts, bases: this.#bases });
  }

  async stat(place: FilePlace): Promise<DocumentStat> {
    const view = await this.views.get(place);
    const info = await view.cache.stat(place.path, this.#parts.editors.isDirty(place));
    const mtime = view.stamps.tell(place.path, info);
    const isReadonly = await isReadonlyIn(view, place.path, info);
    return { type: typeBits(info), ctime: 0, mtime, size: info.size, isReadonly };
  }

  /** The names in a folder, and their types as `FileType` numbers them. */
  async list(place: FilePlace, isFresh = false): Promise<(readonly [string, number])[]> {
    const view = await this.views.get(place);
    return [...(await view.cache.list(place.path, isFresh)).values()].map((entry) => [
      entry.name,
      typeBits(entry),
    ]);
  }

  async read(place: FilePlace): Promise<Uint8Array> {
    const view = await this.views.get(place);
    const { path } = place;
    const info = await view.cache.stat(path);
    refuseOthers(path, info);
    const limitBytes = this.#parts.limitBytes();
    try {
      if (info.size > limitBytes) {
        throw tooLarge(path, info.size, limitBytes);
      }
      const bytes = await readWhole(view.access, path, { limitBytes, signal: this.#signal });
      const base = { size: bytes.byteLength, mtimeMs: info.mtimeMs, hash: hashOf(bytes) };
      this.#bases.read(keyOf(place), base, this.#parts.editors.isDirty(place));
      if (bytes.byteLength !== info.size) {
        await this.#look(view, path); // it was changed after VS Code was told of it, and is told so
      }
      return bytes;
    } catch (error) {
      if (isFileFailure(error, "tooLarge")) {
        this.#refuse(place, error);
      }
      throw error;
    }
  }

  /** Bytes of a file from `start` to before `end`. */
  async readPart(place: FilePlace, start: number, end: number): Promise<Uint8Array> {
    const view = await this.views.get(place);
    const options = { range: { start, end }, limitBytes: end - start, signal: this.#signal };
    return readWhole(view.access, place.path, options);
  }

  /** All bytes of a file of any size, in pieces. */
  async *pieces(place: FilePlace, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const view = await this.views.get(place);
    yield* view.access.read(place.path, { signal });
  }

  async write(place: FilePlace, bytes: Uint8Array, options: DocumentWriteOptions): Promise<void> {
    const failed = this.#parts.editors.saving(place, bytes); // before more is typed
    try {
      await this.#write(place, bytes, options);
    } catch (error) {
      failed();
      throw error;
    }
  }

  async #write(
    place: FilePlace,
    bytes: Uint8Array,
    { create, overwrite }: DocumentWriteOptions,
  ): Promise<void> {
    const view = await this.views.get(place);
    const { path } = place;
    const isNew = view.cache.isKnownMissing(path) || !(await this.#isThere(view, path));
    const isEdited = this.#parts.editors.isOpen(place);
    try {
      const write = { place, bytes, create, overwrite, isEdited, signal: this.#signal };
      const info = await this.#writer.write(view, write);
      view.stamps.tellWritten(path, info);
      view.cache.note(path, info);
    } catch (error) {
      view.cache.expire(posix.dirname(path));
      if (isFileFailure(error, "changed")) {
        this.#refuse(place, error);
      }
      throw error;
    }
    this.#tell(view, [{ path, kind: isNew ? "created" : "changed" }]);
  }

  /** Lets the next save of a document replace what the session has of it now. */
  async agreeToOverwrite(place: FilePlace): Promise<void> {
    await this.#writer.agree(await this.views.get(place), place, this.#signal);
  }

  async createDirectory(place: FilePlace): Promise<void> {
    const view = await this.views.get(place);
    await view.access.makeDirectory(place.path, { signal: this.#signal });
    view.cache.note(place.path, newFolder());
    this.#tell(view, [{ path: place.path, kind: "created" }]);
  }

  async remove(place: FilePlace, recursive: boolean): Promise<void> {
    const view = await this.views.get(place);
    const { path } = place;
    // VS Code replaces files by removing them first, and nothing that was overwritten may be lost.
    await this.#writer.keepBefore(view, place, this.#signal);
    try {
      await view.access.remove(path, { recursive, signal: this.#signal });
    } catch (error) {
      view.cache.expire(posix.dirname(path)); // some of it may be gone
      throw error;
    }
    view.cache.note(path, undefined);
    this.#tell(view, [{ path, kind: "deleted" }]);
  }

  async rename(from: FilePlace, to: FilePlace, overwrite: boolean): Promise<void> {
    const view = await this.#shared(from, to);
    const info = await view.cache.stat(from.path, true);
    if (overwrite) {
      await this.#writer.keepBefore(view, to, this.#signal);
    }
    await view.access.rename(from.path, to.path, { overwrite, signal: this.#signal });
    view.cache.note(from.path, undefined);
    view.cache.expire(to.path);
    view.cache.note(to.path, info);
    view.stamps.tellWritten(to.path, info);
    this.#tell(view, [
      { path: from.path, kind: "deleted" },
      { path: to.path, kind: "created" },
    ]);
  }

  async copy(from: FilePlace, to: FilePlace, overwrite: boolean): Promise<void> {
    const view = await this.#shared(from, to);
    const signal = this.#signal;
    if (overwrite) {
      await this.#writer.keepBefore(view, to, signal);
    }
    try {
      await copyIn(view.access, from.path, to.path, { overwrite, signal });
    } finally {
      view.cache.expire(posix.dirname(to.path));
    }
    view.stamps.tellWritten(to.path, await view.cache.stat(to.path, true));
    this.#tell(view, [{ path: to.path, kind: "created" }]);
  }

  /** The editor of a document has no unsaved changes any more. */
  settle(place: FilePlace): void {
    this.#bases.settle(keyOf(place));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  get #signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** VS Code moves things between sessions by itself: it reads and writes them. */
  async #shared(from: FilePlace, to: FilePlace): Promise<SessionView> {
    const [view, other] = await Promise.all([this.views.get(from), this.views.get(to)]);
    if (view.access !== other.access) {
      const message = l10n.t("{0} can't be moved or copied from session to session in one step.", from.path);
      throw new FileAccessError("unsupported", from.path, message);
    }
    return view;
  }

  async #isThere(view: SessionView, path: string): Promise<boolean> {
    try {
      await view.cache.stat(path);
      return true;
    } catch {
      return false; // whatever else is wrong the write tells
    }
  }

  async #look(view: SessionView, path: string): Promise<void> {
    await view.cache.stat(path, true).catch(() => undefined);
  }

  #refuse(place: FilePlace, error: unknown): void {
    if (error instanceof FileAccessError) {
      this.#didRefuse.fire({ place, error });
    }
  }

  #tell(view: SessionView, changes: readonly PathChange[]): void {
    this.#didChange.fire({ view, changes });
  }
}

function newFolder(): FileInfo {
  return { type: "directory", isLink: false, size: 0, mtimeMs: Date.now(), mode: undefined, uid: undefined };
}

function refuseOthers(path: string, { type }: FileInfo): void {
  if (type === "directory") {
    throw new FileAccessError("isADirectory", path, l10n.t("{0} is a folder.", path));
  }
  if (type === "other") {
    throw new FileAccessError(
      "invalid",
      path,
      l10n.t("{0} is no file, but a device, a pipe or a socket.", path),
    );
  }
}

/** A file of somebody else can still be replaced where its folder may be written to. */
async function isReadonlyIn(view: SessionView, path: string, info: FileInfo): Promise<boolean> {
  const everybodyWrites = 0o222;
  if (info.mode === undefined || (info.mode & everybodyWrites) === everybodyWrites) {
    return false;
  }
  const uid = await view.uid();
  if (refusesWriting(info, uid) !== true) {
    return false;
  }
  if (info.uid === uid || info.type === "directory") {
    return true;
  }
  const folder = await view.cache.stat(posix.dirname(path)).catch(() => undefined);
  return folder !== undefined && refusesWriting(folder, uid) === true;
}
