import { linesOf, placeAt } from "../position/index.js";
import type { CodePoint } from "./completionSource.js";

/** The text around a cursor, as sources read it. */
export interface CursorText {
  /** The line up to the cursor, and the rest of it. */
  readonly line: string;
  readonly post: string;
  /** `name`: `head` and `typed` are `os.` and `pa` of `os.pa`. `key`: `typed` is `pri` of `df["pri`, `head` all before it in the line. */
  readonly kind: "name" | "key";
  readonly head: string;
  readonly typed: string;
  /** All of the code before `typed`: answers hold as long as it is the same. */
  readonly before: string;
}

/** Of one key, and of the last one in a list of them: `df["pri`, `df[["price", "pri`. */
/** Reads what stands before a cursor. Who knows the place already says it: then it is cheap enough for every keystroke. */
export function cursorText({ languageId, code, row, col, place: known }: CodePoint): CursorText {
  const place = known ?? placeAt(languageId, linesOf(code), row, col);
  const start = startOfRow(code, row);
  const newline = code.indexOf("\n", start);
  const whole = code.slice(start, newline < 0 ? code.length : newline).replace(/\r$/, "");
  const [line, post] = [whole.slice(0, col), whole.slice(col)];
  const at = place.kind === "none" ? line.length : place.start;
  const typed = line.slice(at);
  return {
    line,
    post,
    kind: place.kind === "key" ? "key" : "name",
    head: place.kind === "name" ? place.token.slice(0, place.token.length - typed.length) : line.slice(0, at),
    typed,
    before: code.slice(0, start + at),
  };
}

/** Where a row begins; the end of the code for rows that it does not have. */
function startOfRow(code: string, row: number): number {
  let start = 0;
  for (let count = 0; count < row; count += 1) {
    const newline = code.indexOf("\n", start);
    if (newline < 0) {
      return code.length;
    }
    start = newline + 1;
  }
  return start;
}
