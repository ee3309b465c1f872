/** A file that a line of output names. */
export interface FileReference {
  /** Where the link begins in the line, and its length; characters. */
  readonly start: number;
  readonly length: number;
  readonly path: string;
  /** From 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Lines longer than this are no messages of programs; characters. */
const lineLimit = 2000;

const name = String.raw`[\p{L}\p{N}_.@+~-]+`;

/**
 * How programs put a line behind a path: `:3:14` most; `#4` R; `(6)` stacks of PHP; ` on line 4` PHP; ` line 5` Perl;
 * `: line 6` shells.
 */
const lineMark = String.raw`(?::(?<line>\d+)(?::(?<column>\d+))?|(?:#|:? line | on line )(?<worded>\d+)|\((?<enclosed>\d+)\))`;

/** `File "a.py", line 3` of Python; `dir/a.c:3:14` and its like; `/home/work/a.txt` as it stands. */
const pattern = new RegExp(
  [
    String.raw`File "(?<quoted>[^"\n]+)", line (?<quotedLine>\d+)`,
    String.raw`(?<![\p{L}\p{N}_/.])(?:file://)?(?<marked>(?:/|~/)?${name}(?:/${name})*\.\w+)${lineMark}`,
    String.raw`(?<![\p{L}\p{N}_:/.])(?<plain>(?:~|\.{1,2})?(?:/${name})+\.\w+)(?![\p{L}\p{N}_/])`,
  ].join("|"),
  "gu",
);

/** The files that a line of output names. Whether they exist is not known. */
export function fileReferences(text: string): readonly FileReference[] {
  if (text.length > lineLimit) {
    return [];
  }
  return [...text.matchAll(pattern)].map((match) => {
    const { quoted, quotedLine, marked, line, column, worded, enclosed, plain } = match.groups ?? {};
    return {
      start: match.index,
      length: match[0].length,
      path: quoted ?? marked ?? plain ?? "",
      line: numberOf(quotedLine ?? line ?? worded ?? enclosed),
      column: numberOf(column),
    };
  });
}

/** The home of a session as its programs name it; a session of the local engine has its own below the engine's folder. */
const home = /^(?:\/home\/work|~|\/.+\/sessions\/[\w.-]+-[0-9a-f]{8}\/work)\//;

/** A path of a session relative to its home, where it is below it: `/home/work/src/a.py` and `~/src/a.py` are `src/a.py`. */
export function belowHome(path: string): string | undefined {
  const relative = path.replace(home, "").replace(/^(?:\.\/)+/, "");
  return relative.startsWith("/") || relative.split("/").includes("..") ? undefined : relative;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
