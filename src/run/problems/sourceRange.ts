import stringWidth from "string-width";
import type { ColumnUnit, Place } from "./problem.js";

/** A stretch of a line, in UTF-16 characters from 0; `end` is behind it. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Characters of a line that are looked at. */
const lineLimit = 4096;

const tabStop = 8;

/** The stretch of a source line that a place means: its columns, else the word there, else all that is not blank. */
export function stretchOf(sourceLine: string, place: Place): Stretch {
  const line = sourceLine.slice(0, lineLimit);
  const { column, endColumn, excerpt, unit = "character" } = place;
  const offset = excerpt === undefined ? 0 : line.indexOf(excerpt);
  if (column === undefined || offset < 0) {
    return wholeLine(line);
  }
  const text = line.slice(offset);
  const start = offset + indexOf(text, column, unit);
  const end = endColumn === undefined ? 0 : offset + indexOf(text, endColumn, unit);
  return { start, end: end > start ? end : wordEnd(line, start) };
}

function wholeLine(line: string): Stretch {
  const start = line.length - line.trimStart().length;
  return { start, end: Math.max(start, line.trimEnd().length) };
}

/** The index of the character at a column. */
function indexOf(text: string, column: number, unit: ColumnUnit): number {
  if (unit === "character") {
    return Math.min(text.length, Math.max(0, column - 1));
  }
  let at = 1;
  let index = 0;
  for (const character of text) {
    const next = at + sizeOf(character, at, unit);
    if (next > column) {
      break;
    }
    at = next;
    index += character.length;
  }
  return index;
}

function sizeOf(character: string, column: number, unit: ColumnUnit): number {
  if (unit === "byte") {
    return Buffer.byteLength(character);
  }
  if (character === "\t") {
    return unit === "tabbedCell" ? tabStop - ((column - 1) % tabStop) : 1;
  }
  return stringWidth(character);
}

function wordEnd(line: string, start: number): number {
  const word = /[\p{L}\p{N}_$]+|[^]/uy;
  word.lastIndex = start;
  return start + (word.exec(line)?.[0].length ?? 0);
}
