import { chainBefore } from "./chain.js";
import type { Lexicon } from "./languages/lexicon.js";
import { lexiconOf } from "./languages/lexicons.js";
import { positionIn, textBetween, type LineSource, type Position } from "./lineSource.js";
import type { CodeFrame, Frame } from "./scan/frame.js";
import { framesAt } from "./scan/framesAt.js";

/** How much of a line before a parenthesis is looked at for what is called, in UTF-16 units. */
const calleeLimit = 500;

/** A call that is being written. */
export interface Call {
  /** The dotted name of what is called, such as `os.path.join`. */
  readonly callee: string;
  /** The argument at the cursor, from 0. */
  readonly argument: number;
  /** The name that the argument is given by, as in `sep=`. */
  readonly keyword?: string;
}

/**
 * The innermost call that is open at the cursor, also from within a string of its arguments; `undefined` in comments, outside of calls,
 * in blocks of an argument, and where what is called is no dotted name: to look at the result of a call, it would have to be called.
 */
export function callAt(languageId: string, lines: LineSource, row: number, col: number): Call | undefined {
  const lexicon = lexiconOf(languageId);
  if (!lexicon) {
    return undefined;
  }
  const cursor = positionIn(lines, row, col);
  return callOf(lexicon, lines, framesAt(lexicon, lines, cursor), cursor);
}

/** The innermost call of what is open at the cursor. */
export function callOf(
  lexicon: Lexicon,
  lines: LineSource,
  frames: readonly Frame[],
  cursor: Position,
): Call | undefined {
  for (const frame of frames.toReversed()) {
    if (frame.type === "text") {
      if (frame.form.kind !== "string") {
        return undefined;
      }
      continue;
    }
    const { row, col } = frame.at;
    const before = lines
      .line(row)
      .slice(Math.max(0, col - calleeLimit), col)
      .trimEnd();
    if (frame.bracket === "{" && !frame.isHole && isBlock(before)) {
      return undefined;
    }
    if (frame.bracket === "(" && !frame.isHole && !isGroup(lexicon, before)) {
      return callBefore(lexicon, lines, frame, before, cursor);
    }
  }
  return undefined;
}

/** Whether a brace after `before` begins statements. */
function isBlock(before: string): boolean {
  return /(?:\)|=>|\b(?:else|do|try|finally|repeat))$/.test(before) || before === "";
}

/** Whether a parenthesis after `before` only groups. */
function isGroup(lexicon: Lexicon, before: string): boolean {
  if (/[)\]"']$/.test(before)) {
    return false;
  }
  const { start } = chainBefore(lexicon, before, before.length);
  return start === before.length || lexicon.keywords.has(before.slice(start));
}

function callBefore(
  lexicon: Lexicon,
  lines: LineSource,
  frame: CodeFrame,
  before: string,
  cursor: Position,
): Call | undefined {
  // Julia's `f.(x)` calls `f` for each element.
  const named = before.endsWith(".") ? before.slice(0, -1) : before;
  const chain = chainBefore(lexicon, named, named.length);
  const callee = named.slice(chain.start);
  const isDeclared =
    lexicon.declares.test(named.slice(0, chain.start)) || lexicon.parameters?.test(named) === true;
  if (chain.shape !== "names" || isDeclared || !/^[\p{L}_$@.]/u.test(callee) || /[.:]$/.test(callee)) {
    return undefined;
  }
  const keyword = lexicon.hasKeywordArguments
    ? keywordOf(textBetween(lines, frame.since, cursor))
    : undefined;
  return { callee, argument: frame.argument, ...(keyword === undefined ? {} : { keyword }) };
}

function keywordOf(argument: string): string | undefined {
  return /^\s*([\p{L}_.][\p{L}\p{N}_.]*)\s*=(?![=>])/u.exec(argument)?.[1];
}
