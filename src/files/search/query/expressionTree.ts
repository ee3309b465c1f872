import { anyCharacter, classOf, withoutCase } from "./byteClass.js";
import { parseClass, parseEscape } from "./expressionClasses.js";
import { anything, type ExpressionNode, nothing, type Reading } from "./expressionNodes.js";

/** The tree of a valid expression of JavaScript; what can't be told more exactly becomes `anything`. */
export function expressionTree(source: string, isCaseSensitive: boolean): ExpressionNode {
  const reading: Reading = { characters: Array.from(source), isCaseSensitive, at: 0 };
  const tree = parseEither(reading);
  return reading.at < reading.characters.length ? anything : tree;
}

/** One character, in all its cases where case does not matter. */
export function literal(character: string, isCaseSensitive: boolean): ExpressionNode {
  const variants = isCaseSensitive ? [character] : variantsOf(character);
  if (variants.some((one) => /[\0\n\uD800-\uDFFF\uFFFD]/.test(one) && one.length === 1)) {
    return anything;
  }
  const ascii = variants.map((one) => one.charCodeAt(0)).filter((code) => code < 0x80);
  const others = variants.filter((one) => one.charCodeAt(0) >= 0x80);
  const options: ExpressionNode[] = [
    ...(ascii.length > 0 ? [classOf((code) => ascii.includes(code), false)] : []),
    ...others.map((text) => ({ kind: "text", text }) as const),
  ];
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: "either", options };
}

const known = new Map<string, readonly string[]>();

/** Every character that an expression takes for this one without regard to case, by asking it. */
function variantsOf(character: string): readonly string[] {
  const old = known.get(character);
  if (old !== undefined) {
    return old;
  }
  const variants = [character];
  if (/\p{L}|\p{M}|\p{N}|\p{So}/u.test(character)) {
    const same = new RegExp(`^${character}$`, "iu");
    for (let code = 0x21; code < 0x1f000; code++) {
      const other = String.fromCodePoint(code);
      if (other !== character && same.test(other)) {
        variants.push(other);
      }
    }
  }
  known.set(character, variants);
  return variants;
}

function parseEither(reading: Reading): ExpressionNode {
  const options = [parseSequence(reading)];
  while (reading.characters[reading.at] === "|") {
    reading.at += 1;
    options.push(parseSequence(reading));
  }
  const [only = nothing] = options;
  return options.length === 1 ? only : { kind: "either", options };
}

function parseSequence(reading: Reading): ExpressionNode {
  const parts: ExpressionNode[] = [];
  for (;;) {
    const character = reading.characters[reading.at];
    if (character === undefined || character === "|" || character === ")") {
      return { kind: "sequence", parts };
    }
    parts.push(parseRepeat(reading, parseAtom(reading, character)));
  }
}

function parseAtom(reading: Reading, character: string): ExpressionNode {
  reading.at += 1;
  switch (character) {
    case "^":
      return { kind: "start" };
    case "$":
      return { kind: "end" };
    case ".":
      return anyCharacter;
    case "(":
      return parseGroup(reading);
    case "[": {
      const set = parseClass(reading);
      return set === undefined ? anything : reading.isCaseSensitive ? set : withoutCase(set);
    }
    case "\\": {
      const meaning = parseEscape(reading);
      return typeof meaning === "string" ? literal(meaning, reading.isCaseSensitive) : meaning;
    }
    default:
      return literal(character, reading.isCaseSensitive);
  }
}

function parseGroup(reading: Reading): ExpressionNode {
  const rest = reading.characters.slice(reading.at, reading.at + 80).join("");
  const [head = ""] = /^\?(?::|=|!|<=|<!|<[\p{L}\p{N}_$\\{}]+>|[ims-]*:)/u.exec(rest) ?? [];
  reading.at += Array.from(head).length;
  const content = parseEither(reading);
  reading.at += 1; // the end of the group
  if (/^\?(?:[=!]|<[=!])/.test(head)) {
    return nothing; // it looks and takes nothing
  }
  return /^\?[ims-]+:/.test(head) ? anything : content;
}

function parseRepeat(reading: Reading, node: ExpressionNode): ExpressionNode {
  const rest = reading.characters.slice(reading.at, reading.at + 40).join("");
  const [whole, sign = "", from = "", comma, to = ""] = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(rest) ?? [];
  if (whole === undefined) {
    return node;
  }
  reading.at += whole.length;
  if (sign !== "") {
    return { kind: "repeat", node, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity };
  }
  const min = Number(from);
  return { kind: "repeat", node, min, max: comma === undefined ? min : to === "" ? Infinity : Number(to) };
}
