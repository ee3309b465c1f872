import type { Lexicon } from "../languages/lexicon.js";
import type { LineSource, Position } from "../lineSource.js";
import type { Frame } from "./frame.js";
import { Scanner } from "./scanner.js";

/** How far back is looked: what begins earlier is not known of, so that a keystroke costs the same in every document. */
const rowLimit = 2000;
const unitLimit = 100_000;

/** How far beyond the cursor a mark that it stands in may reach. */
const ahead = 500;

/** What is open at a place: brackets, strings, comments, the outermost first. */
export function framesAt(lexicon: Lexicon, lines: LineSource, place: Position): readonly Frame[] {
  const scanner = new Scanner(lexicon);
  const start = startBefore(lexicon, lines, place);
  for (let { row } = start; row < place.row; row += 1) {
    scanner.read(row, lines.line(row));
  }
  const line = lines.line(place.row).slice(0, place.col + ahead);
  scanner.read(place.row, line, start.row === place.row ? start.col : 0, place.col);
  return scanner.frames;
}

/**
 * Where to begin: the document's first line, or else the earliest line within reach that stands outside of everything, by its looks;
 * in the middle of a long text there is no knowing.
 */
function startBefore(lexicon: Lexicon, lines: LineSource, { row, col }: Position): Position {
  if (col > unitLimit) {
    return { row, col: col - unitLimit };
  }
  let first = row;
  let units = col;
  while (first > 0 && row - first < rowLimit) {
    units += lines.line(first - 1).length + 1;
    if (units > unitLimit) {
      break;
    }
    first -= 1;
  }
  if (first === 0) {
    return { row: 0, col: 0 };
  }
  for (let at = first; at < row; at += 1) {
    if (lexicon.anchor.test(lines.line(at))) {
      return { row: at, col: 0 };
    }
  }
  return { row: first, col: 0 };
}
