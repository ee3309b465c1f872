import type { QueryLanguage } from "./queryLanguages.js";

/** Lines of a document that is too long to be looked through at each change. */
const lineLimit = 50_000;

/** A part of a document between two marks such as `# %%`. Lines count from 0. */
export interface Cell {
  /** The line of the mark; of a part before the first mark, the first line. */
  readonly start: number;
  /** The last line. */
  readonly end: number;
  /** Where the code begins: the line after the mark. */
  readonly codeStart: number;
  /** `false` for text, such as `# %% [markdown]`, and for parts without code. */
  readonly isCode: boolean;
}

/**
 * The cells of a document, in order; none where it has no mark, or more than 50,000 lines. What stands before the first mark is
 * a cell of its own, if it is more than comments.
 */
export function cellsOf(lines: readonly string[], language: QueryLanguage): readonly Cell[] {
  if (lines.length > lineLimit) {
    return [];
  }
  const marks = lines.flatMap((line, index) => (language.cellMark.test(line) ? [index] : []));
  const [first] = marks;
  if (first === undefined) {
    return [];
  }
  const cells = marks.map((start, index) => {
    const end = (marks[index + 1] ?? lines.length) - 1;
    return cellOf(lines, language, { start, end, codeStart: start + 1 });
  });
  const head = cellOf(lines, language, { start: 0, end: first - 1, codeStart: 0 });
  return head.isCode ? [head, ...cells] : cells;
}

/** The cell that a line is in; the first one for lines before it. */
export function cellAt(cells: readonly Cell[], line: number): Cell | undefined {
  return cells.findLast((cell) => cell.start <= line) ?? cells[0];
}

/** The code of a cell, without its mark and the empty lines around it. */
export function codeOf(lines: readonly string[], cell: Cell): string {
  return lines
    .slice(cell.codeStart, cell.end + 1)
    .join("\n")
    .replace(/^(\s*\n)+/, "")
    .trimEnd();
}

function cellOf(
  lines: readonly string[],
  { comment }: QueryLanguage,
  span: { readonly start: number; readonly end: number; readonly codeStart: number },
): Cell {
  const isText = /%%.*\[(markdown|md|raw)\]/i.test(lines[span.start] ?? "");
  const hasCode = lines
    .slice(span.codeStart, span.end + 1)
    .some((line) => line.trim() !== "" && !comment.test(line));
  return { ...span, isCode: !isText && hasCode };
}
