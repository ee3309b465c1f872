/** What is at a path. */
export interface FileInfo {
  /** Of a link: what it leads to; `unknown` where it leads nowhere. `other` are devices, sockets and pipes. */
  readonly type: "file" | "directory" | "other" | "unknown";
  readonly isLink: boolean;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; by some ways whole seconds only. */
  readonly mtimeMs: number;
  /** Permission bits, where the way tells them. */
  readonly mode: number | undefined;
  /** The number of its owner, where the way tells it. */
  readonly uid: number | undefined;
}

/** An entry of a folder. */
export interface NamedFile extends FileInfo {
  readonly name: string;
}

/** A part of a file, in bytes. */
export interface ByteRange {
  readonly start: number;
  /** The first byte after it; absent: to the end. */
  readonly end?: number | undefined;
}

/** What every operation takes. */
export interface OperationOptions {
  readonly signal: AbortSignal;
}

/** How to read. */
export interface ReadOptions extends OperationOptions {
  readonly range?: ByteRange | undefined;
}

/** What is to be written. It may be opened more than once, also from its middle, when a connection was lost. */
export interface FileContent {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `start` on, in pieces. */
  open(start: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** How to write. */
export interface WriteOptions extends OperationOptions {
  /** Whether a file that is not there is made. Default true. */
  readonly create?: boolean;
  /** Whether a file that is there is replaced. Default true. */
  readonly overwrite?: boolean;
  /** What was there when it was last seen: where it differs now, nothing is written. */
  readonly expected?: Pick<FileInfo, "size" | "mtimeMs"> | undefined;
  /** Told of all bytes that are there so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** How to put something in a new place. */
export interface MoveOptions extends OperationOptions {
  /** Whether what is there is replaced. */
  readonly overwrite: boolean;
}

/** What a way to files can do, beside reading, listing and writing. */
export type FileAbility = "rename" | "remove" | "makeDirectory" | "copy" | "anySize";

/**
 * The files of one session, by one way or by the best of several. Paths are absolute in the session. Every operation ends: by
 * its answer, by an error, by its signal, or by a deadline of its own.
 *
 * All throw {@link FileAccessError}; `NetworkError` and `TimeoutError` where the connection is lost; and what the way itself
 * has to say, such as `HostKeyChangedError` and `UnauthorizedError`.
 */
export interface FileAccess {
  /** Whether this session's ways can do it; where they can't, the operation throws (`unsupported`). */
  can(ability: FileAbility, signal: AbortSignal): Promise<boolean>;
  stat(path: string, options: OperationOptions): Promise<FileInfo>;
  /** The entries of a folder, unsorted, hidden ones included, without `.` and `..`. */
  list(path: string, options: OperationOptions): Promise<readonly NamedFile[]>;
  /** The bytes of a file in pieces, in order, with bounded memory. */
  read(path: string, options: ReadOptions): AsyncIterable<Uint8Array>;
  /**
   * Writes a file so that others see the old content or the new one, never a part; its mode stays, and links to it stay links.
   * @returns What is there afterwards.
   */
  write(path: string, content: FileContent, options: WriteOptions): Promise<FileInfo>;
  makeDirectory(path: string, options: OperationOptions): Promise<void>;
  /** Removes a file, a link (never what it leads to), or a folder; a folder with something in it only when `recursive`. */
  remove(path: string, options: OperationOptions & { readonly recursive: boolean }): Promise<void>;
  rename(from: string, to: string, options: MoveOptions): Promise<void>;
  /** Copies a file, or a folder with all that is in it, inside the session. */
  copy(from: string, to: string, options: MoveOptions): Promise<void>;
}
