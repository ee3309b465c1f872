/** What may stand in a pattern for one character: itself, or as URLs, JSON and HTML write it. */
function charForms(char: string): string {
  const named = namedForms[char] ?? [];
  if (/[A-Za-z0-9]/.test(char)) {
    return char;
  }
  const units = Array.from({ length: char.length }, (_, index) => char.charCodeAt(index));
  const unicode = units.map((unit) => `\\\\+u${anyCase(unit.toString(16).padStart(4, "0"))}`).join("");
  const percent = [...Buffer.from(char)]
    .map((byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, "0"))}`)
    .join("");
  return `(?:${[...named, `\\\\*${literal(char)}`, percent, unicode].join("|")})`;
}

const namedForms: Readonly<Record<string, readonly string[]>> = {
  " ": ["\\+"],
  "\n": ["\\\\+n"],
  "\r": ["\\\\+r"],
  "\t": ["\\\\+t"],
  "&": ["&amp;"],
  "<": ["&lt;"],
  ">": ["&gt;"],
  '"': ["&quot;"],
  "'": ["&#0?39;", "&#x27;"],
};

/** A pattern for a text however its characters are written. */
function textForms(text: string): string {
  return Array.from(text, charForms).join("");
}

/** A pattern for hexadecimal digits in both cases. */
function anyCase(digits: string): string {
  return digits.replaceAll(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);
}

function literal(char: string): string {
  return char.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/**
 * What base64 makes of the bytes wherever they begin in what is encoded; the digits that neighbours have a part in are left out
 * of the comparison and taken along.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const first = [0, 2, 3][before];
    const isShared = (before + bytes.length) % 3 !== 0;
    const core = digits.slice(first, isShared ? -1 : undefined);
    const forms = Array.from(core, (digit) =>
      digit === "+" ? "(?:[+-]|%2[Bb])" : digit === "/" ? "(?:[/_]|\\\\/|%2[Ff])" : digit,
    );
    return `${before === 0 ? "" : "[A-Za-z0-9+/_-]?"}${forms.join("")}${isShared ? "[A-Za-z0-9+/_-]?" : ""}(?:=|%3[Dd]){0,2}`;
  });
}

/** Shorter ones stand as whole words only: they may be a part of any word. */
const wordLength = 6;

/**
 * A pattern for a secret as it is, and as URLs, JSON, HTML, base64 and hexadecimal digits have it.
 * @param secret At least one character.
 */
export function secretPattern(secret: string): RegExp {
  const bytes = Buffer.from(secret);
  const text = textForms(secret);
  if (secret.length < wordLength) {
    return new RegExp(`(?<!\\w)${text}(?!\\w)`, "g");
  }
  return new RegExp([text, ...base64Forms(bytes), anyCase(bytes.toString("hex"))].join("|"), "g");
}
