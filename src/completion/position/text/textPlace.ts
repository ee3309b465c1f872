import { wordEnd, wordStart } from "../chain.js";
import type { Lexicon } from "../languages/lexicon.js";
import type { LineSource, Position } from "../lineSource.js";
import type { Place } from "../place.js";
import type { Frame, TextFrame } from "../scan/frame.js";
import { shellPlace } from "./shellPlace.js";
import { objectOfCall } from "./keyCall.js";
import { pathPlace } from "./pathPlace.js";
import { objectOfKey } from "./subscript.js";

const none: Place = { kind: "none" };

/** A variable in a text, up to the cursor. */
const variable = /(?<!\\)\$\{?(?:[\p{L}_][\p{L}\p{N}_]*)?$/u;

/** What stands at a cursor inside a comment or a string: a key, a path, a variable, mostly nothing. */
export function textPlace(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  text: TextFrame,
  cursor: Position,
): Place {
  const line = lines.line(cursor.row);
  if (text.form.kind === "shell") {
    const from = text.closeLine ? 0 : line.indexOf("!") + 1;
    return shellPlace(line, cursor.col, from, false);
  }
  if (text.form.kind === "comment") {
    return none;
  }
  if (text.form.hasNames === true && variable.test(line.slice(Math.max(0, cursor.col - 200), cursor.col))) {
    return lexicon.isShell === true
      ? shellPlace(line, cursor.col, 0, true)
      : variablePlace(lexicon, line, cursor.col);
  }
  const isOneLine = text.at.row === cursor.row && cursor.col >= text.inside.col;
  const typed = line.slice(text.inside.col, cursor.col);
  const isWhole = text.form.hole === undefined || !typed.includes(text.form.hole);
  if (text.form.isWord !== true || !isOneLine || !isWhole || typed.length > 1000) {
    return none;
  }
  const outer = frames.slice(0, -1);
  const object =
    objectOfKey(lexicon, lines, outer, text.at) ?? objectOfCall(lexicon, lines, outer, text.at, typed);
  if (object !== undefined) {
    const end = textEnd(lexicon, line, cursor.col, text.closer);
    return { kind: "key", object, typed, quote: text.closer, start: text.inside.col, end };
  }
  return pathPlace(lexicon, lines, frames, text, cursor) ?? none;
}

/** `$name` in a text. Only the name is replaced, unless the language counts the mark to it. */
function variablePlace(lexicon: Lexicon, line: string, col: number): Place {
  const start = wordStart(lexicon, line, col);
  return { kind: "name", token: line.slice(start, col), start, end: wordEnd(lexicon, line, col) };
}

/** Where a key ends: at its quote, unless that one seems to begin the next string. */
function textEnd(lexicon: Lexicon, line: string, col: number, closer: string): number {
  const close = line.indexOf(closer, col);
  return close < 0 || /[\])},;=]/.test(line.slice(col, close)) ? wordEnd(lexicon, line, col) : close;
}
