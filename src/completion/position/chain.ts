import type { Lexicon } from "./languages/lexicon.js";

/** No name and no chain is followed further than this many UTF-16 units. */
const unitLimit = 1000;

/** Names, members, subscripts and calls that end at a column, such as `foo().ba`. */
export interface Chain {
  readonly start: number;
  /** Where its last part begins. */
  readonly last: number;
  /** The costliest thing in it: looking up dotted names does nothing to a session, a call may do anything. */
  readonly shape: "names" | "subscripts" | "calls";
}

const bracketPairs: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Whether a character may stand in an identifier of the language. */
export function isWordCharacter(lexicon: Lexicon, text: string): boolean {
  const code = text.charCodeAt(0);
  if (code < 0x80) {
    // Nearly all code: letters, digits and `_` told without an expression.
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    return isLetter || (code >= 0x30 && code <= 0x39) || code === 0x5f || lexicon.wordExtras.includes(text);
  }
  return text !== "" && /^[\p{L}\p{Nl}\p{M}\p{N}\p{Pc}]$/u.test(text);
}

/** Where the identifier that ends at `col` begins, with its sigil; `col` where there is none. */
export function wordStart(lexicon: Lexicon, line: string, col: number): number {
  let at = col;
  let text = characterBefore(line, at);
  while (col - at < unitLimit && isWordCharacter(lexicon, text)) {
    at -= text.length;
    text = characterBefore(line, at);
  }
  const { sigil } = lexicon;
  return sigil !== undefined && line.charAt(at - 1) === sigil ? at - 1 : at;
}

/** Where the identifier that goes on at `col` ends. */
export function wordEnd(lexicon: Lexicon, line: string, col: number): number {
  let at = col;
  let text = characterAt(line, at);
  while (at - col < unitLimit && isWordCharacter(lexicon, text)) {
    at += text.length;
    text = characterAt(line, at);
  }
  return at;
}

/** The chain that ends at `col`; empty, with `start` at `col`, where nothing ends there. */
export function chainBefore(lexicon: Lexicon, line: string, col: number): Chain {
  let hasCalls = false;
  let hasSubscripts = false;
  let last: number | undefined;
  let at = col;
  while (col - at < unitLimit) {
    const end = at;
    for (let open = openingOf(line, at); open !== undefined; open = openingOf(line, at)) {
      const isPlain = isPlainSubscript(line.slice(open, at));
      hasCalls ||= !isPlain;
      hasSubscripts ||= isPlain;
      at = open;
    }
    at = wordStart(lexicon, line, at);
    last ??= at;
    if (at === end && end !== col) {
      const literal = stringBefore(line, end);
      hasCalls ||= literal !== undefined;
      at = literal ?? end;
      break;
    }
    const member = memberBefore(lexicon, line, at);
    if (member === 0) {
      break;
    }
    at -= member;
  }
  const shape = hasCalls ? "calls" : hasSubscripts ? "subscripts" : "names";
  return { start: at, last: last ?? col, shape };
}

/** How long the member operator before `col` is; 0: there is none. Dots in a row are no operator of this kind. */
function memberBefore({ members }: Lexicon, line: string, col: number): number {
  const member = members.find((mark) => line.endsWith(mark, col));
  return member === undefined || (member === "." && line.charAt(col - 2) === ".") ? 0 : member.length;
}

function isPlainSubscript(text: string): boolean {
  return text.startsWith("[") && !/[(){}]/.test(text);
}

/** Where the bracket opens that closes right before `col`, strings passed over. */
function openingOf(line: string, col: number): number | undefined {
  const open = bracketPairs[line.charAt(col - 1)];
  if (open === undefined) {
    return undefined;
  }
  const close = line.charAt(col - 1);
  let depth = 0;
  for (let at = col - 1; at >= Math.max(0, col - unitLimit); at -= 1) {
    const mark = line.charAt(at);
    if (mark === '"' || mark === "'") {
      at = stringBefore(line, at + 1) ?? at;
    } else if (mark === close) {
      depth += 1;
    } else if (mark === open) {
      depth -= 1;
      if (depth === 0) {
        return at;
      }
    }
  }
  return undefined;
}

/** Where the string begins that ends right before `col`. */
function stringBefore(line: string, col: number): number | undefined {
  const quote = line.charAt(col - 1);
  if (quote !== '"' && quote !== "'" && quote !== "`") {
    return undefined;
  }
  const open = line.lastIndexOf(quote, col - 2);
  return open < 0 || col < 2 ? undefined : open;
}

function characterAt(line: string, col: number): string {
  const code = line.codePointAt(col);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function characterBefore(line: string, col: number): string {
  const unit = line.charCodeAt(col - 1);
  const isLow = unit >= 0xdc_00 && unit <= 0xdf_ff;
  return line.slice(Math.max(0, col - (isLow ? 2 : 1)), col);
}
