import type { FileContent, NamedFile, OperationOptions } from "../access/fileAccess.js";

/** Most bytes of a file that travels together with others. */
export const smallBytes = 256 * 1024;

/** How a file is written at the end of its way. */
export interface EndWriteOptions extends OperationOptions {
  /** Whether a file that is there is replaced; a link is replaced itself, never what it leads to. */
  readonly overwrite: boolean;
  /** Whether it is a program. */
  readonly isExecutable: boolean;
  /** Told of all bytes that are there so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** A small file among many. */
export interface SmallFile {
  /** Where it comes from, as its end calls it. */
  readonly from: string;
  /** Below the folder that many files are sent to or fetched from, with `/`. */
  readonly name: string;
  readonly size: number;
  readonly isExecutable: boolean;
}

/** How many files are sent or fetched. */
export interface ManyOptions extends OperationOptions {
  /** Told of each part of the files that is under way, in bytes. */
  readonly onBytes: (bytes: number) => void;
}

/** Files of this computer or of a session, as what a transfer reads from or writes to. Errors are told per file and never end more. */
export interface TransferEnd {
  /** How it is called in a sentence: `this computer`, or the name of the session. */
  readonly label: string;
  /**
   * The path of an entry of a folder.
   * @throws {UnsafePathError} for a name that leads elsewhere or that can't be one here.
   */
  join(folder: string, name: string): string;
  /** What names have in common that mean the same file here: where case does not count, their lower case. */
  keyOf(name: string): string;
  /** What is at a path; `undefined` for nothing. */
  look(path: string, options: OperationOptions): Promise<NamedFile | undefined>;
  list(folder: string, options: OperationOptions): Promise<readonly NamedFile[]>;
  /** The bytes of a file from `start` on, with bounded memory. */
  read(path: string, start: number, options: OperationOptions): AsyncIterable<Uint8Array>;
  /** Writes a file so that others see the old one or the new one. */
  write(path: string, content: FileContent, options: EndWriteOptions): Promise<void>;
  /** Makes a folder, unless it is there. */
  makeFolder(path: string, options: OperationOptions): Promise<void>;
  /**
   * Writes many small files below a folder at once, in place of what has their names. Absent, or answers with fewer than it got, where
   * they have to go one by one.
   * @param open The bytes of one of them.
   * @returns Those that are there.
   */
  sendMany?(
    folder: string,
    files: readonly SmallFile[],
    open: (file: SmallFile) => Promise<Uint8Array>,
    options: ManyOptions,
  ): Promise<ReadonlySet<SmallFile>>;
  /**
   * Fetches many small files of a folder at once; the names are paths below it.
   * @param take Gets each one whole; what it throws is its own matter.
   */
  fetchMany?(
    folder: string,
    files: readonly SmallFile[],
    take: (file: SmallFile, bytes: Uint8Array) => Promise<void>,
    options: ManyOptions,
  ): Promise<void>;
}
