import type { Dir } from "node:fs";
import type { FileHandle } from "node:fs/promises";

/** Open files and directories of one connection; more are refused. */
export const handlesLimit = 256;

/** An open file. */
export interface OpenFile {
  readonly kind: "file";
  readonly file: FileHandle;
  /** Writes go to the end, wherever the client says. */
  readonly isAppending: boolean;
}

/** An open directory. */
export interface OpenDirectory {
  readonly kind: "directory";
  readonly directory: Dir;
  /** Where it is, links followed. */
  readonly place: string;
  /** What was given out already of what every directory has. */
  hasDots: boolean;
}

/** A handle is none, or of the wrong kind. */
export class BadHandleError extends Error {
  constructor() {
    super("Invalid handle");
  }
}

/** There are too many open handles. */
export class TooManyHandlesError extends Error {
  constructor() {
    super("Too many open files");
  }
}

interface Entry {
  readonly open: OpenFile | OpenDirectory;
  /** What is under way with it. */
  readonly pending: Set<Promise<unknown>>;
  /** The last of what has to be done in order. */
  tail: Promise<unknown>;
}

/** The open files of one SFTP connection. What closes them waits for what is under way. */
export class OpenHandles {
  readonly #entries = new Map<string, Entry>();
  #next = 1;
  /** How many are being opened. */
  #opening = 0;
  #isClosed = false;

  /**
   * Opens another one and owns it. What is open only after {@link closeAll} is closed at once.
   * @returns The handle.
   * @throws TooManyHandlesError
   * @throws BadHandleError when all were closed meanwhile.
   */
  async open(opening: () => Promise<OpenFile | OpenDirectory>): Promise<Buffer> {
    if (this.#entries.size + this.#opening >= handlesLimit) {
      throw new TooManyHandlesError();
    }
    this.#opening += 1;
    try {
      const entry = { open: await opening(), pending: new Set<Promise<unknown>>(), tail: Promise.resolve() };
      if (this.#isClosed) {
        await closeEntry(entry);
        throw new BadHandleError();
      }
      const handle = Buffer.from(String(this.#next++));
      this.#entries.set(handle.toString("latin1"), entry);
      return handle;
    } finally {
      this.#opening -= 1;
    }
  }

  /**
   * Does something with an open file, beside what else is under way with it.
   * @throws BadHandleError
   */
  async withFile<T>(handle: Buffer, action: (open: OpenFile) => Promise<T>): Promise<T> {
    const entry = this.#get(handle);
    const { open } = entry;
    if (open.kind !== "file") {
      throw new BadHandleError();
    }
    return this.#track(entry, open.isAppending ? this.#afterTail(entry, () => action(open)) : action(open));
  }

  /**
   * Does something with an open directory, one thing after the other.
   * @throws BadHandleError
   */
  async withDirectory<T>(handle: Buffer, action: (open: OpenDirectory) => Promise<T>): Promise<T> {
    const entry = this.#get(handle);
    const { open } = entry;
    if (open.kind !== "directory") {
      throw new BadHandleError();
    }
    return this.#track(
      entry,
      this.#afterTail(entry, () => action(open)),
    );
  }

  /** Resolves when all that was asked for before has been done. */
  async settled(handle: Buffer): Promise<void> {
    await Promise.allSettled(this.#get(handle).pending);
  }

  /** @throws BadHandleError */
  async close(handle: Buffer): Promise<void> {
    const entry = this.#get(handle);
    this.#entries.delete(handle.toString("latin1"));
    await closeEntry(entry);
  }

  /** For good. Never rejects. */
  async closeAll(): Promise<void> {
    this.#isClosed = true;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(entries.map(closeEntry));
  }

  #get(handle: Buffer): Entry {
    const entry = this.#entries.get(handle.toString("latin1"));
    if (entry === undefined) {
      throw new BadHandleError();
    }
    return entry;
  }

  #afterTail<T>(entry: Entry, action: () => Promise<T>): Promise<T> {
    const done = entry.tail.then(action, action);
    entry.tail = done.catch(() => undefined);
    return done;
  }

  async #track<T>(entry: Entry, action: Promise<T>): Promise<T> {
    entry.pending.add(action);
    try {
      return await action;
    } finally {
      entry.pending.delete(action);
    }
  }
}

async function closeEntry({ open, pending }: Entry): Promise<void> {
  await Promise.allSettled(pending);
  await (open.kind === "file" ? open.file.close() : open.directory.close());
}
