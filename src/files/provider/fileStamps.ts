import type { FileInfo } from "../access/fileAccess.js";

/** By what the content of a file is told from another one without being read. */
export type FileStamp = Pick<FileInfo, "size" | "mtimeMs">;

/** Files whose times are remembered; the ones told longest ago are forgotten. */
const fileLimit = 5000;

/** Whether two looks saw the same content, as far as can be told; some ways to files know whole seconds only. */
export function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  const isWhole = (ms: number): boolean => ms % 1000 === 0;
  const isSameSecond = Math.floor(a.mtimeMs / 1000) === Math.floor(b.mtimeMs / 1000);
  const isSameTime = a.mtimeMs === b.mtimeMs || (isSameSecond && (isWhole(a.mtimeMs) || isWhole(b.mtimeMs)));
  return a.size === b.size && isSameTime;
}

/**
 * The times of change that VS Code is told. It takes a file for changed only when its time has grown, but sessions tell whole
 * seconds, and programs set times back: so each change that is noticed is told with a later time than the one before.
 */
export class FileStamps {
  readonly #told = new Map<string, FileStamp & { readonly toldMs: number }>();

  /** The time to tell of what was seen at a path, in milliseconds since the epoch. */
  tell(path: string, { size, mtimeMs }: FileStamp): number {
    const last = this.#told.get(path);
    const isSame = last !== undefined && isSameStamp(last, { size, mtimeMs });
    return this.#keep(path, { size, mtimeMs, toldMs: isSame ? last.toldMs : later(last?.toldMs, mtimeMs) });
  }

  /** The time to tell of what was just written, even when nothing but its content differs. */
  tellWritten(path: string, { size, mtimeMs }: FileStamp): number {
    return this.#keep(path, { size, mtimeMs, toldMs: later(this.#told.get(path)?.toldMs, mtimeMs) });
  }

  /** What was told last of a path, as it was seen. */
  last(path: string): FileStamp | undefined {
    return this.#told.get(path);
  }

  #keep(path: string, told: FileStamp & { readonly toldMs: number }): number {
    this.#told.delete(path);
    this.#told.set(path, told);
    const [oldest] = this.#told.keys();
    if (this.#told.size > fileLimit && oldest !== undefined) {
      this.#told.delete(oldest);
    }
    return told.toldMs;
  }
}

function later(lastMs: number | undefined, mtimeMs: number): number {
  return Math.max(Math.floor(mtimeMs), (lastMs ?? -Infinity) + 1);
}
