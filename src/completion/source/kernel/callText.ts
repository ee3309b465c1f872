/** A call as a signature or a docstring writes it. */
export interface CallText {
  /** From the bracket on, in one line, such as `(a, *p) -> str`. */
  readonly text: string;
  /** Each as it stands in `text`. */
  readonly parameters: readonly string[];
}

/** Longest that is read as a call, in characters. */
const callLimit = 4_000;

const opening = "([{";
const closing = ")]}";

/** Reads the first bracket of `text` and what is returned, if that stands on the same line; `undefined` for none that ends. */
export function readCall(text: string): CallText | undefined {
  const begin = text.indexOf("(");
  const part = text.slice(begin, begin + callLimit);
  const parameters: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 1;
  for (let at = 0; begin >= 0 && at < part.length; at += 1) {
    const character = part.charAt(at);
    if (quote !== "") {
      if (character === "\\") {
        at += 1;
      } else if (character === quote) {
        quote = "";
      }
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (opening.includes(character)) {
      depth += 1;
    } else if (closing.includes(character)) {
      depth -= 1;
    }
    const isEnd = depth === 0;
    if (isEnd || (character === "," && depth === 1 && quote === "")) {
      parameters.push(inOneLine(part.slice(from, at)));
      from = at + 1;
    }
    if (isEnd) {
      const given = parameters.filter((parameter) => parameter !== "");
      const returned = /^[ \t]*->[ \t]*([^\n]+)/.exec(part.slice(from))?.[1]?.trim();
      const returns = returned === undefined ? "" : ` -> ${returned}`;
      return { text: `(${given.join(", ")})${returns}`, parameters: given };
    }
  }
  return undefined;
}

/** The call of `name` with which a docstring begins, as functions do that are written in C. */
export function callInDocstring(name: string, docstring: string): CallText | undefined {
  const begin = docstring.trimStart();
  return begin.startsWith(`${name}(`) ? readCall(begin) : undefined;
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
