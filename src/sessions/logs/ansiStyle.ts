/** The colours that a theme has for terminals, as VS Code names them without `terminal.`. */
export type ThemeAnsiColor = `ansi${"" | "Bright"}${(typeof names)[number]}`;

/** A colour of the theme, or one of its own: `#rrggbb`. */
export type AnsiColor = ThemeAnsiColor | `#${string}`;

/** How a stretch of output looks. Equal styles are the same object. */
export interface AnsiStyle {
  /** Unique among styles. */
  readonly key: string;
  readonly color: AnsiColor | undefined;
  readonly background: AnsiColor | undefined;
  readonly isBold: boolean;
  readonly isFaint: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isStruck: boolean;
  /** Whether text and background change places. */
  readonly isInverse: boolean;
}

const names = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"] as const;

type Attributes = Omit<AnsiStyle, "key">;

const plain: Attributes = {
  color: undefined,
  background: undefined,
  isBold: false,
  isFaint: false,
  isItalic: false,
  isUnderlined: false,
  isStruck: false,
  isInverse: false,
};

/** Parameters that switch one attribute. */
const switches: Readonly<Record<number, Partial<Attributes>>> = {
  0: plain,
  1: { isBold: true },
  2: { isFaint: true },
  3: { isItalic: true },
  4: { isUnderlined: true },
  7: { isInverse: true },
  9: { isStruck: true },
  21: { isUnderlined: true },
  22: { isBold: false, isFaint: false },
  23: { isItalic: false },
  24: { isUnderlined: false },
  27: { isInverse: false },
  29: { isStruck: false },
  39: { color: undefined },
  49: { background: undefined },
};

/** Styles that are kept at most; programs use a handful, and a picture in true colours is not worth more. */
const stylesLimit = 256;

/** The style that a stream of SGR sequences leads to (ECMA-48 §8.3.117, and the colours of xterm). */
export class AnsiStyles {
  readonly #known = new Map<string, AnsiStyle>();
  #attributes = plain;
  #current: AnsiStyle | undefined;

  /** The style of what is written next; `undefined` for plain text. */
  get current(): AnsiStyle | undefined {
    return this.#current;
  }

  /** Takes the parameters of a sequence, such as `1;31` or `38:2::255:0:0`. */
  apply(parameters: string): void {
    const numbers = parameters.split(/[;:]/).map(Number);
    let attributes = this.#attributes;
    for (let at = 0; at < numbers.length; at += 1) {
      const number = numbers[at] ?? 0;
      if (number === 38 || number === 48) {
        const { color, taken } = extendedColor(numbers.slice(at + 1));
        at += taken;
        attributes = { ...attributes, ...(number === 38 ? { color } : { background: color }) };
      } else {
        attributes = { ...attributes, ...(switches[number] ?? basicColor(number)) };
      }
    }
    this.#attributes = attributes;
    this.#current = this.#intern(attributes);
  }

  #intern(attributes: Attributes): AnsiStyle | undefined {
    const key = keyOf(attributes);
    if (key === plainKey) {
      return undefined;
    }
    const known = this.#known.get(key);
    if (known !== undefined || this.#known.size >= stylesLimit) {
      return known;
    }
    const style = { ...attributes, key };
    this.#known.set(key, style);
    return style;
  }
}

function keyOf(attributes: Attributes): string {
  return Object.values(attributes)
    .map((value) => (typeof value === "string" ? value : value === true ? "1" : ""))
    .join("|");
}

const plainKey = keyOf(plain);

function basicColor(number: number): Partial<Attributes> {
  const named = (offset: number, bright: "" | "Bright"): ThemeAnsiColor =>
    `ansi${bright}${names[number - offset] ?? "White"}`;
  if (number >= 30 && number <= 37) {
    return { color: named(30, "") };
  }
  if (number >= 40 && number <= 47) {
    return { background: named(40, "") };
  }
  if (number >= 90 && number <= 97) {
    return { color: named(90, "Bright") };
  }
  return number >= 100 && number <= 107 ? { background: named(100, "Bright") } : {};
}

/** What follows 38 or 48: `5;n` of the palette, `2;r;g;b`, or `2::r:g:b`, whose empty part is a colour space. */
function extendedColor(rest: readonly number[]): { color: AnsiColor | undefined; taken: number } {
  if (rest[0] === 5) {
    return { color: paletteColor(rest[1] ?? 0), taken: 2 };
  }
  if (rest[0] === 2) {
    return { color: hex(rest.slice(1, 4)), taken: 4 };
  }
  return { color: undefined, taken: rest.length };
}

/** The 256 colours of xterm: the theme's sixteen, a cube of six levels, and grays. */
function paletteColor(index: number): AnsiColor {
  if (index < 16) {
    return `ansi${index < 8 ? "" : "Bright"}${names[index % 8] ?? "White"}`;
  }
  if (index >= 232) {
    const gray = 8 + (index - 232) * 10;
    return hex([gray, gray, gray]);
  }
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return hex([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level));
}

function hex(parts: readonly number[]): `#${string}` {
  const digits = [0, 1, 2].map((index) => {
    const value = Math.min(255, Math.max(0, Math.trunc(parts[index] ?? 0)));
    return value.toString(16).padStart(2, "0");
  });
  return `#${digits.join("")}`;
}
