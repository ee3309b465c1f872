/** The lines of a document, without their ends. A row outside of it is an empty line. */
export interface LineSource {
  line(row: number): string;
}

/** A place between two characters: a row, and a column in UTF-16 units, both from 0. */
export interface Position {
  readonly row: number;
  readonly col: number;
}

/** The lines of `code`. */
export function linesOf(code: string): LineSource {
  const lines = code.split(/\r\n|\r|\n/);
  return { line: (row) => lines[row] ?? "" };
}

/** The place in the document that is nearest to what was asked for. */
export function positionIn(lines: LineSource, row: number, col: number): Position {
  const at = Number.isFinite(row) ? Math.max(0, Math.floor(row)) : 0;
  const units = Number.isFinite(col) ? Math.max(0, Math.floor(col)) : 0;
  return { row: at, col: Math.min(units, lines.line(at).length) };
}

/** The text between two places, rows joined by a newline; empty where it would be more than `rowLimit` rows. */
export function textBetween(lines: LineSource, from: Position, to: Position, rowLimit = 20): string {
  if (from.row === to.row) {
    return lines.line(from.row).slice(from.col, to.col);
  }
  if (to.row < from.row || to.row - from.row > rowLimit) {
    return "";
  }
  const rows = [lines.line(from.row).slice(from.col)];
  for (let row = from.row + 1; row < to.row; row += 1) {
    rows.push(lines.line(row));
  }
  return [...rows, lines.line(to.row).slice(0, to.col)].join("\n");
}
