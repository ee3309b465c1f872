import { chainBefore, isWordCharacter, wordEnd } from "./chain.js";
import type { Lexicon } from "./languages/lexicon.js";
import { lexiconOf } from "./languages/lexicons.js";
import { positionIn, textBetween, type LineSource, type Position } from "./lineSource.js";
import type { Place } from "./place.js";
import type { CodeFrame, Frame } from "./scan/frame.js";
import { framesAt } from "./scan/framesAt.js";
import { shellPlace } from "./text/shellPlace.js";
import { objectOfKey } from "./text/subscript.js";
import { textPlace } from "./text/textPlace.js";

const none: Place = { kind: "none" };

/** How much of a line before a name is looked at for what declares it. */
const declarationLimit = 200;

/**
 * What is to be completed at a cursor of a document in VS Code's language `languageId`; nothing for languages that are not known. It
 * reads the lines up to the cursor, at most 2,000 and 100 kB of them. Places outside of the document are taken to its nearest one.
 */
export function placeAt(languageId: string, lines: LineSource, row: number, col: number): Place {
  const lexicon = lexiconOf(languageId);
  if (!lexicon) {
    return none;
  }
  const cursor = positionIn(lines, row, col);
  const frames = framesAt(lexicon, lines, cursor);
  const top = frames.at(-1);
  return top?.type === "text"
    ? textPlace(lexicon, lines, frames, top, cursor)
    : codePlace(lexicon, lines, frames, cursor);
}

function codePlace(lexicon: Lexicon, lines: LineSource, frames: readonly Frame[], cursor: Position): Place {
  const line = lines.line(cursor.row);
  const top = frames.at(-1);
  if (lexicon.isShell === true) {
    return shellPlace(line, cursor.col, 0, true);
  }
  const chain = chainBefore(lexicon, line, cursor.col);
  const end = wordEnd(lexicon, line, cursor.col);
  const token = line.slice(chain.start, cursor.col);
  const before = line.slice(Math.max(0, chain.start - declarationLimit), chain.start);
  const magic = lexicon.hasMagics === true && frames.length === 0 ? magicBefore(line, cursor.col) : undefined;
  if (magic !== undefined) {
    return { kind: "name", token: magic, start: cursor.col - magic.length, end };
  }
  if (lexicon.hasSymbols === true && isSymbol(lexicon, before)) {
    const at = { row: cursor.row, col: chain.start - 1 };
    const object = objectOfKey(lexicon, lines, frames, at);
    return object === undefined || token.includes(".")
      ? none
      : { kind: "key", object, typed: token, quote: ":", start: chain.start, end };
  }
  const isDeclared = chain.start === chain.last && lexicon.declares.test(before);
  const isNothing =
    isDeclared ||
    isNumber(token) ||
    /[)\]"'`]/.test(line.charAt(cursor.col - 1)) ||
    (top !== undefined && isFormat(lines, top, cursor)) ||
    isParameter(lexicon, lines, top, cursor);
  return isNothing ? none : { kind: "name", token, start: chain.last, end };
}

function isNumber(token: string): boolean {
  return /^\.?\p{Nd}/u.test(token);
}

/** A command of IPython, up to the cursor: `%mat`, also as a value. */
function magicBefore(line: string, col: number): string | undefined {
  return /^\s*(?:[\p{L}_][\p{L}\p{N}_, ]{0,100}=\s*)?(%{1,2}[\p{L}_]?[\p{L}\p{N}_.]*)$/u.exec(
    line.slice(0, Math.min(col, 300)),
  )?.[1];
}

/** Whether a colon before a name makes it a symbol: it neither gives a type nor stands between the ends of a range. */
function isSymbol(lexicon: Lexicon, before: string): boolean {
  const ahead = before.at(-2) ?? "";
  return before.endsWith(":") && ahead !== ":" && !isWordCharacter(lexicon, ahead) && !/[)\]}'"]/.test(ahead);
}

/** Whether the cursor is behind the expression of a hole, where its format stands: `{x:>10`, `{x!r`. */
function isFormat(lines: LineSource, top: Frame, cursor: Position): boolean {
  if (top.type !== "code" || !top.isHole || top.bracket !== "{") {
    return false;
  }
  const written = textBetween(lines, { row: top.at.row, col: top.at.col + 1 }, cursor);
  if (written.length > declarationLimit) {
    return false;
  }
  const isTemplate = lines.line(top.at.row).charAt(top.at.col - 1) === "$";
  const bare = written.replace(/(["'])(?:(?!\1).)*\1|\[[^[\]]*\]|\([^()]*\)|\{[^{}]*\}/g, "");
  return !isTemplate && /[:!](?!=)/.test(bare);
}

/** Whether the cursor is at the name of a parameter of a function that is being declared. */
function isParameter(lexicon: Lexicon, lines: LineSource, top: Frame | undefined, cursor: Position): boolean {
  if (top?.type !== "code" || top.bracket !== "(" || top.isHole || !lexicon.parameters) {
    return false;
  }
  return lexicon.parameters.test(headOf(lines, top)) && !/[:=]/.test(textBetween(lines, top.since, cursor));
}

function headOf(lines: LineSource, { at }: CodeFrame): string {
  return lines.line(at.row).slice(Math.max(0, at.col - declarationLimit), at.col);
}
