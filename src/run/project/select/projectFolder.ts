/** An entry of a folder. A link is one of its own, wherever it leads. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
}

/** A workspace folder to read from, wherever it is. Paths are relative to it, with `/`; its own is the empty one. */
export interface ProjectFolder {
  list(path: string): Promise<readonly FolderEntry[]>;
  /** In bytes, and milliseconds since the epoch. */
  stat(path: string): Promise<{ readonly size: number; readonly mtimeMs: number }>;
  read(path: string): Promise<Uint8Array>;
}
