import type { Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";

/** One entry as servers list it; times are seconds since the epoch. */
export interface ListedEntry {
  readonly mode: string;
  readonly size: number;
  readonly ctime: number;
  readonly mtime: number;
  readonly atime: number;
  readonly filename: string;
}

/** The entries of a directory, unsorted, hidden ones included, links not followed (`protocol.md` §6.3). */
export async function listDirectory(directory: string): Promise<ListedEntry[]> {
  const names = await readdir(directory);
  const entries = await Promise.all(
    names.map(async (filename) => {
      // A file may vanish between the two looks.
      const stats = await lstat(path.join(directory, filename)).catch(() => undefined);
      return stats === undefined ? undefined : entryOf(filename, stats);
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

function entryOf(filename: string, stats: Stats): ListedEntry {
  return {
    mode: modeText(stats),
    size: stats.size,
    ctime: stats.ctimeMs / 1000,
    mtime: stats.mtimeMs / 1000,
    atime: stats.atimeMs / 1000,
    filename,
  };
}

/** As `ls -l` and Python's `stat.filemode` write it, such as `-rw-r--r--`. */
export function modeText(stats: Pick<Stats, "mode">): string {
  const { mode } = stats;
  const types: Readonly<Record<number, string>> = {
    0o140000: "s",
    0o120000: "l",
    0o100000: "-",
    0o060000: "b",
    0o040000: "d",
    0o020000: "c",
    0o010000: "p",
  };
  const letters = Array.from("rwxrwxrwx", (letter, bit) => ((mode & (0o400 >> bit)) !== 0 ? letter : "-"));
  const special: readonly (readonly [bit: number, place: number, letter: string])[] = [
    [0o4000, 2, "s"],
    [0o2000, 5, "s"],
    [0o1000, 8, "t"],
  ];
  for (const [bit, place, letter] of special) {
    if ((mode & bit) !== 0) {
      letters[place] = letters[place] === "x" ? letter : letter.toUpperCase();
    }
  }
  return (types[mode & 0o170000] ?? "?") + letters.join("");
}
