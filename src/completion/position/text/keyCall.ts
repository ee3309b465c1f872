import { callOf } from "../call.js";
import type { Lexicon } from "../languages/lexicon.js";
import { textBetween, type LineSource, type Position } from "../lineSource.js";
import type { Frame } from "../scan/frame.js";

/**
 * The object that a text in a call is a key of, such as `df` for `df.groupby("` and for `df.drop(columns=["`; the text begins at `at`
 * within `frames`. `undefined` for other calls, and for texts that are no keys by their looks: paths and addresses.
 */
export function objectOfCall(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  at: Position,
  typed: string,
): string | undefined {
  const { keyCalls } = lexicon;
  const top = frames.at(-1);
  if (!keyCalls || top?.type !== "code" || /[/:]/.test(typed)) {
    return undefined;
  }
  const list = top.bracket === "[" ? top : undefined;
  const outer = list ? frames.slice(0, -1) : frames;
  const parenthesis = outer.at(-1);
  if (parenthesis?.type !== "code" || parenthesis.bracket !== "(" || parenthesis.isHole) {
    return undefined;
  }
  const isFirst = !list || isPrefix(textBetween(lines, list.since, at));
  const lead = textBetween(lines, parenthesis.since, list?.at ?? at).replace(/^\s*\w+\s*=(?!=)/, "");
  const call = isFirst && isPrefix(lead) ? callOf(lexicon, lines, outer, at) : undefined;
  const end = call?.callee.lastIndexOf(".") ?? -1;
  if (!call || end <= 0) {
    return undefined;
  }
  const isKey =
    call.keyword === undefined
      ? call.argument === 0 && keyCalls.methods.has(call.callee.slice(end + 1))
      : keyCalls.keywords.has(call.keyword);
  return isKey ? call.callee.slice(0, end) : undefined;
}

function isPrefix(text: string): boolean {
  return /^\s*[rbuf]{0,2}$/i.test(text);
}
