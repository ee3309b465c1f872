import {
  anyCharacter,
  type CharacterClass,
  classOf,
  digits,
  inverted,
  nonDigits,
  nonSpaces,
  nonWordCharacters,
  spaces,
  union,
  wordCharacters,
} from "./byteClass.js";
import { anything, type ExpressionNode, nothing, type Reading } from "./expressionNodes.js";

const sets: Readonly<Record<string, CharacterClass>> = {
  d: digits,
  D: nonDigits,
  s: spaces,
  S: nonSpaces,
  w: wordCharacters,
  W: nonWordCharacters,
};

const controls: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  f: "\f",
  0: "\0",
};

/** What follows a backslash: a character, or a part of the tree. */
export function parseEscape(reading: Reading): string | ExpressionNode {
  const character = reading.characters[reading.at] ?? "";
  reading.at += 1;
  if (/[bB]/.test(character)) {
    return nothing;
  }
  if (/[1-9]/.test(character)) {
    take(reading, /^\d*/);
    return anything; // what a group has matched
  }
  if (character === "k") {
    take(reading, /^<[^>]*>/);
    return anything;
  }
  return escapedCharacter(reading, character);
}

function escapedCharacter(reading: Reading, character: string): string | CharacterClass {
  const set = sets[character];
  if (set !== undefined) {
    return set;
  }
  if (/[pP]/.test(character) && take(reading, /^\{[^}]*\}/) !== "") {
    return anyCharacter;
  }
  if (character === "x" || character === "u") {
    const digitsOfCode = take(
      reading,
      character === "x" ? /^[\dA-Fa-f]{2}/ : /^(?:\{[\dA-Fa-f]+\}|[\dA-Fa-f]{4})/,
    );
    const code = Number.parseInt(digitsOfCode.replace("{", ""), 16);
    return Number.isNaN(code)
      ? character
      : code >= 0xd800 && code < 0xe000
        ? anyCharacter
        : String.fromCodePoint(code);
  }
  if (character === "c" && take(reading, /^[A-Za-z]/) !== "") {
    return anyCharacter;
  }
  return controls[character] ?? character;
}

/** After `[`: the class, or `undefined` for what is not understood. */
export function parseClass(reading: Reading): CharacterClass | undefined {
  const isNegated = reading.characters[reading.at] === "^";
  reading.at += isNegated ? 1 : 0;
  const members: CharacterClass[] = [];
  for (;;) {
    const from = member(reading);
    if (from === undefined) {
      break;
    }
    const isRange = reading.characters[reading.at] === "-" && reading.characters[reading.at + 1] !== "]";
    if (!isRange || typeof from !== "string") {
      members.push(typeof from === "string" ? between(from, from) : from);
      continue;
    }
    reading.at += 1;
    const to = member(reading);
    members.push(
      ...(typeof to === "string"
        ? [between(from, to)]
        : [between(from, from), between("-", "-"), ...(to === undefined ? [] : [to])]),
    );
  }
  const set = union(members);
  return isNegated ? negated(set, reading) : set;
}

/** Case is regarded first: what is left out is left out in both cases. */
function negated(set: CharacterClass, { isCaseSensitive }: Reading): CharacterClass {
  const out = inverted(set);
  if (isCaseSensitive) {
    return out;
  }
  const isLetter = (code: number): boolean => /[A-Za-z]/.test(String.fromCharCode(code));
  return classOf((code) => out.ascii.has(code) || isLetter(code), true);
}

/** A character or a set inside a class; `undefined` at its end. */
function member(reading: Reading): string | CharacterClass | undefined {
  const character = reading.characters[reading.at];
  reading.at += 1;
  if (character === undefined || character === "]") {
    return undefined;
  }
  if (character !== "\\") {
    return character;
  }
  const next = reading.characters[reading.at] ?? "";
  reading.at += 1;
  if (next === "b") {
    return "\b";
  }
  return /[1-9]/.test(next) ? anyCharacter : escapedCharacter(reading, next);
}

function between(from: string, to: string): CharacterClass {
  const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)];
  return classOf((code) => code >= first && code <= last, last > 0x7f);
}

function take(reading: Reading, pattern: RegExp): string {
  const found = pattern.exec(reading.characters.slice(reading.at, reading.at + 80).join(""))?.[0] ?? "";
  reading.at += Array.from(found).length;
  return found;
}
