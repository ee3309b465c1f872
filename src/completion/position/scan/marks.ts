import type { Form } from "../languages/form.js";
import type { Lexicon } from "../languages/lexicon.js";

/** A form with a sticky expression of its beginning. */
export interface Opening {
  readonly form: Form;
  readonly open: RegExp;
}

/** A lexicon's regular expressions, made once. */
export interface Marks {
  /** Finds the next character that may count in code. */
  readonly code: RegExp;
  /** What may begin with a character. */
  readonly openings: ReadonlyMap<string, readonly Opening[]>;
}

const made = new WeakMap<Lexicon, Marks>();
const madeInside = new WeakMap<Form, RegExp>();

/** The expressions of a lexicon. */
export function marksOf(lexicon: Lexicon): Marks {
  const known = made.get(lexicon);
  if (known) {
    return known;
  }
  const openings = new Map<string, Opening[]>();
  for (const form of lexicon.forms) {
    const open = new RegExp(form.open, "yu");
    for (const begin of form.begins ?? form.open.replace("\\", "").charAt(0)) {
      openings.set(begin, [...(openings.get(begin) ?? []), { form, open }]);
    }
  }
  const characters = `()[]{}${lexicon.separators}${[...openings.keys()].join("")}`;
  const marks: Marks = { code: new RegExp(`[${escaped(characters)}]`, "g"), openings };
  made.set(lexicon, marks);
  return marks;
}

/** What counts inside of a text: escapes, its end, its holes, its like. */
export function insideOf(form: Form, closer: string): RegExp {
  const known = typeof form.close === "string" ? madeInside.get(form) : undefined;
  if (known) {
    return known;
  }
  const marks = [
    ...(form.escapes === true ? [String.raw`\\[^]?`] : []),
    ...(closer === "" || form.isHere === true ? [] : [escaped(closer)]),
    ...(form.hole === undefined ? [] : [escaped(form.hole)]),
    ...(form.nests === true ? [form.open] : []),
  ];
  const inside = new RegExp(marks.length === 0 ? "(?!)" : marks.join("|"), "g");
  if (typeof form.close === "string") {
    madeInside.set(form, inside);
  }
  return inside;
}

/** The line that ends a here-document. */
export function hereEnd(closer: string): RegExp {
  return new RegExp(`^\\s*${escaped(closer)}(?![\\p{L}\\p{N}_])`, "u");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
