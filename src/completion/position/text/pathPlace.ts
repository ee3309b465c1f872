import { callOf } from "../call.js";
import type { Lexicon } from "../languages/lexicon.js";
import type { LineSource, Position } from "../lineSource.js";
import type { Place } from "../place.js";
import type { Frame, TextFrame } from "../scan/frame.js";

/** Names of arguments that are paths. */
const pathKeywords =
  /^(?:file|filename|path|pathname|filepath|filepath_or_buffer|dir|directory|data_dir|root|cwd|con)$/;

/** The path that is being typed in the text at the cursor; `undefined` where it is none. */
export function pathPlace(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  text: TextFrame,
  { row, col }: Position,
): Place | undefined {
  const line = lines.line(row);
  const typed = line.slice(text.inside.col, col);
  if (!isPath(lexicon, lines, frames, text, typed)) {
    return undefined;
  }
  const start = text.inside.col + typed.lastIndexOf("/") + 1;
  const close = line.indexOf(text.closer, col);
  const rest = /^[^/\s"'`()[\]{},;]*/.exec(line.slice(col, close < 0 ? undefined : close))?.[0] ?? "";
  return { kind: "path", typed, start, end: col + rest.length };
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
    const isModule = /\b(?:from|import)\s*$/.test(before) && /^\.{0,2}$/.test(typed);
    return isModule || /^\s*#\s*include\s*$/.test(before);
  }
  const isAsked = call.keyword === undefined ? call.argument === 0 : pathKeywords.test(call.keyword);
  return isAsked && outer?.type === "code" && outer.bracket === "(" && lexicon.pathCalls.test(call.callee);
}
