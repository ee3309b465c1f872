import type { FileContent, FileInfo } from "../access/fileAccess.js";

/** What tells that a file has changed. */
export type FileStamp = Pick<FileInfo, "size" | "mtimeMs">;

/** Chooses paths, relative and with `/`; a folder that is not chosen is not looked into. */
export type PathChoice = (path: string, isFolder: boolean) => boolean;

/** What every operation takes. */
export interface SideOptions {
  readonly signal: AbortSignal;
}

/** One of the two folders of a mirror. Paths are relative to it. Links and devices are left out. */
export interface MirrorSide {
  /** For people. */
  readonly name: string;
  /** The files of the folder and all below it; none when it is not there. */
  scan(choice: PathChoice, options: SideOptions): Promise<ReadonlyMap<string, FileStamp>>;
  content(path: string, size: number, options: SideOptions): FileContent;
  /**
   * Writes a file, whole or not at all, and folders on its way. `expected` is what is there; `undefined`: nothing.
   * @throws {FileAccessError} (`changed`, `exists`) where something else is there; nothing is written then.
   */
  write(
    path: string,
    content: FileContent,
    options: SideOptions & { readonly expected: FileStamp | undefined },
  ): Promise<FileStamp>;
  /** @throws {FileAccessError} (`changed`) where it is not what is expected any more. */
  remove(path: string, options: SideOptions & { readonly expected: FileStamp }): Promise<void>;
}
