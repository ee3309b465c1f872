import { callOf } from "./call.js";
import { wordEnd, wordStart } from "./chain.js";
import type { Lexicon } from "./languages/lexicon.js";
import type { LineSource, Position } from "./lineSource.js";
import type { Place } from "./place.js";
import type { Frame, TextFrame } from "./scan/frame.js";
import { shellPlace } from "./shellPlace.js";
import { objectOfKey } from "./subscript.js";

const none: Place = { kind: "none" };

/** A variable in a text, up to the cursor. */
const variable = /(?<!\\)\$\{?(?:[\p{L}_][\p{L}\p{N}_]*)?$/u;

/** Names of arguments that are paths. */
const pathKeywords =
  /^(?:file|filename|path|pathname|filepath|filepath_or_buffer|dir|directory|data_dir|root|cwd|con)$/;

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
    return shellPlace(line, cursor.col, line.search(/!/) + 1, false);
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
  const object = objectOfKey(lexicon, lines, frames.slice(0, -1), text.at);
  if (object !== undefined) {
    const end = textEnd(lexicon, line, cursor.col, text.closer);
    return { kind: "key", object, typed, quote: text.closer, start: text.inside.col, end };
  }
  return isPath(lexicon, lines, frames, text, typed) ? pathPlace(line, cursor.col, typed, text.closer) : none;
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

/**
 * Whether a text is a path. One that begins as paths do (`/`, `./`, `../`, `~/`) is; so is a single word with a slash in it, and the
 * first argument of what opens files, whatever is typed. Anything else is prose, where candidates would only be in the way. Addresses,
 * formats and patterns are no paths.
 */
function isPath(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  text: TextFrame,
  typed: string,
): boolean {
  if (/:\/\/|[<>|*?{}%\t]/.test(typed) || text.closer === "`") {
    return false;
  }
  if (/^(?:~|\.{1,2})?\//.test(typed) || /^[^\s/]+\/\S*$/.test(typed)) {
    return true;
  }
  const outer = frames.at(-2);
  const call = outer?.type === "code" ? callOf(lexicon, lines, frames.slice(0, -1), text.at) : undefined;
  if (!call) {
    const before = lines.line(text.at.row).slice(0, text.at.col);
    return /\b(?:from|import)\s*$/.test(before) && /^\.{0,2}$/.test(typed);
  }
  const isAsked = call.keyword === undefined ? call.argument === 0 : pathKeywords.test(call.keyword);
  return isAsked && outer?.type === "code" && outer.bracket === "(" && lexicon.pathCalls.test(call.callee);
}

function pathPlace(line: string, col: number, typed: string, closer: string): Place {
  const start = col - typed.length + typed.lastIndexOf("/") + 1;
  const close = line.indexOf(closer, col);
  const rest = /^[^/\s"'`()[\]{},;]*/.exec(line.slice(col, close < 0 ? undefined : close))?.[0] ?? "";
  return { kind: "path", typed, start, end: col + rest.length };
}
