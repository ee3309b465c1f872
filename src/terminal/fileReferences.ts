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

/** `File "a.py", line 3` of Python; `dir/a.c:3:14` of compilers and most others; `/home/work/a.txt` as it stands. */
const pattern = new RegExp(
  [
    String.raw`File "(?<quoted>[^"\n]+)", line (?<quotedLine>\d+)`,
    String.raw`(?<![\p{L}\p{N}_/.])(?<marked>(?:/|~/)?${name}(?:/${name})*\.\w+):(?<line>\d+)(?::(?<column>\d+))?`,
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
    const { quoted, quotedLine, marked, line, column, plain } = match.groups ?? {};
    return {
      start: match.index,
      length: match[0].length,
      path: quoted ?? marked ?? plain ?? "",
      line: numberOf(quotedLine ?? line),
      column: numberOf(column),
    };
  });
}

/** A path of a session relative to its home, where it is below it: `/home/work/src/a.py` and `~/src/a.py` are `src/a.py`. */
export function belowHome(path: string): string | undefined {
  const relative = path.replace(/^(?:\/home\/work|~)\//, "").replace(/^(?:\.\/)+/, "");
  return relative.startsWith("/") || relative.split("/").includes("..") ? undefined : relative;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
