import { chainBefore, wordEnd, wordStart } from "./chain.js";
import { lexiconOf } from "./languages/lexicons.js";
import { positionIn, type LineSource } from "./lineSource.js";
import { framesAt } from "./scan/framesAt.js";

/** A dotted name in a line, such as `os.path`, with the columns where it begins and ends. */
export interface Expression {
  readonly expression: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The dotted name under the cursor, up to the end of the word that the cursor is in; `undefined` in comments and strings, and for
 * keywords, numbers and members of what a call or a subscript gives: nothing is to be called for somebody who only points.
 */
export function expressionAt(
  languageId: string,
  lines: LineSource,
  row: number,
  col: number,
): Expression | undefined {
  const lexicon = lexiconOf(languageId);
  if (!lexicon) {
    return undefined;
  }
  const cursor = positionIn(lines, row, col);
  const line = lines.line(cursor.row);
  const end = wordEnd(lexicon, line, cursor.col);
  const word = wordStart(lexicon, line, end);
  const { start, shape } = chainBefore(lexicon, line, end);
  const expression = line.slice(start, end);
  const isName = /^[\p{L}\p{Nl}_$@]/u.test(expression) && shape === "names";
  // A quote right behind: the prefix of a string.
  if (!isName || /["']/.test(line.charAt(end)) || lexicon.keywords.has(expression)) {
    return undefined;
  }
  const isText = framesAt(lexicon, lines, { row: cursor.row, col: word }).at(-1)?.type === "text";
  return isText ? undefined : { expression, start, end };
}
