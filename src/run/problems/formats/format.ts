import type { Problem } from "../problem.js";

/** What a format tells its problems to, and asks about files. */
export interface FormatContext {
  readonly report: (problem: Problem) => void;
  /** Whether a file that the output names is one of the person's own, as far as its path tells. */
  readonly isOurs: (remoteFile: string) => boolean;
}

/** Reads the messages of one program, or of programs that write alike. Its state is bounded. */
export interface Format {
  /** Takes a line of output, one after the other. */
  take(line: string): void;
  /** For a pause in the output: reports what is complete though more could follow. */
  settle(): void;
  /** Reports what there is, and forgets the rest. */
  end(): void;
}

/** Related places kept of one problem. */
export const relatedLimit = 8;

/**
 * Columns of the marks below a line of source, such as `~~^~~`, in the line as it was printed.
 * @param excerpt The printed line of source, with the blanks in front of it.
 */
export function marked(
  excerpt: string,
  marks: string,
): { readonly excerpt: string; readonly column: number; readonly endColumn?: number } | undefined {
  const indent = excerpt.length - excerpt.trimStart().length;
  const column = marks.length - marks.trimStart().length - indent + 1;
  if (column < 1) {
    return undefined;
  }
  const { length } = marks.trim();
  const place = { excerpt: excerpt.trim(), column };
  return length === 1 ? place : { ...place, endColumn: column + length }; // one mark is where it begins
}
