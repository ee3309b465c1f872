import { chainBefore } from "../chain.js";
import type { Lexicon } from "../languages/lexicon.js";
import { textBetween, type LineSource, type Position } from "../lineSource.js";
import type { CodeFrame, Frame } from "../scan/frame.js";

/** Names and plain subscripts up to this length are objects whose keys may be asked for. */
const objectLimit = 200;

/**
 * What a text that begins at `at` is a key of: `df` for `df["`, `df[["a", "` and `df.loc[:, "`. `undefined` where it is no key, or a
 * key of something that would have to be called first.
 */
export function objectOfKey(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  at: Position,
): string | undefined {
  const frame = frames.at(-1);
  if (frame?.type === "code" && lexicon.subscripts.includes(frame.bracket) && !frame.isHole) {
    const isFirst = /^\s*[rbuf]{0,2}$/i.test(textBetween(lines, frame.since, at));
    return isFirst ? objectOf(lexicon, lines, frames, frame) : undefined;
  }
  return memberInQuotes(lexicon, lines, at);
}

function objectOf(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  frame: CodeFrame,
): string | undefined {
  const line = lines.line(frame.at.row);
  const { start, shape } = chainBefore(lexicon, line, frame.at.col);
  if (start === frame.at.col) {
    return objectOfList(lexicon, lines, frames, frame);
  }
  const object = line.slice(start, frame.at.col).replace(/\?\.$/, "");
  const isName = /^[\p{L}_$@.]/u.test(object) && shape !== "calls" && object.length <= objectLimit;
  if (!isName || lexicon.keywords.has(object)) {
    return undefined;
  }
  return frame.argument > 0 && lexicon.indexer ? object.replace(lexicon.indexer, "") : object;
}

/** A list in a subscript has keys in it too: `df[["a", "b"]]`. */
function objectOfList(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  list: CodeFrame,
): string | undefined {
  const parent = frames.at(-2);
  const isInSubscript =
    parent?.type === "code" &&
    parent.bracket === "[" &&
    list.bracket === "[" &&
    textBetween(lines, parent.since, list.at).trim() === "";
  if (!isInSubscript) {
    return undefined;
  }
  const line = lines.line(parent.at.row);
  return chainBefore(lexicon, line, parent.at.col).start === parent.at.col
    ? undefined
    : objectOf(lexicon, lines, frames.slice(0, -1), parent);
}

/** R's member whose name is in backquotes, as columns with spaces are written. */
function memberInQuotes(lexicon: Lexicon, lines: LineSource, at: Position): string | undefined {
  const line = lines.line(at.row);
  if (line.charAt(at.col) !== "`" || line.charAt(at.col - 1) !== "$") {
    return undefined;
  }
  const { start, shape } = chainBefore(lexicon, line, at.col - 1);
  return start === at.col - 1 || shape === "calls" ? undefined : line.slice(start, at.col - 1);
}
