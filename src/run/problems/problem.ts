/** How grave a problem is. */
export type Severity = "error" | "warning" | "information";

/**
 * What a program counts as one column: UTF-16 characters; bytes of UTF-8; cells of a terminal; cells, with tabs up to the next
 * multiple of eight.
 */
export type ColumnUnit = "character" | "byte" | "cell" | "tabbedCell";

/** A place in a file, as a program names it. */
export interface Place {
  /** The file as the output names it: absolute in the session, relative to its `/home/work`, or a bare name. */
  readonly remoteFile: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in `unit`, counted from the beginning of the line; of `excerpt` where there is one. */
  readonly column?: number;
  /** The column behind the last one, counted as `column` is. */
  readonly endColumn?: number;
  /** Default: characters. */
  readonly unit?: ColumnUnit;
  /** The line as it was printed, without the blanks around it. */
  readonly excerpt?: string;
}

/** A place that belongs to a problem, and why. */
export interface RelatedPlace extends Place {
  readonly message: string;
}

/** Something that a compiler or an interpreter says about a place in a file. */
export interface Problem extends Place {
  readonly severity: Severity;
  readonly message: string;
  /** Who says it: `gcc`, `python`, … */
  readonly source: string;
  /** The program's own code for it: `E0308`, `-Wunused-variable`. */
  readonly code?: string;
  readonly related?: readonly RelatedPlace[];
}
