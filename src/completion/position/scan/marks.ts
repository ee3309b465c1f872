import type { Form } from "../languages/form.js";
import type { Lexicon } from "../languages/lexicon.js";

/** A lexicon's regular expressions, made once. */
export interface Marks {
  /** Finds the next character that counts in code. */
  readonly code: RegExp;
  /** Each form with a sticky expression of its beginning. */
  readonly openings: readonly { readonly form: Form; readonly open: RegExp }[];
}

const made = new WeakMap<Lexicon, Marks>();
const madeInside = new WeakMap<Form, RegExp>();

/** The expressions of a lexicon. */
export function marksOf(lexicon: Lexicon): Marks {
  const known = made.get(lexicon);
  if (known) {
    return known;
  }
  const opens = [...new Set(lexicon.forms.map(({ open }) => open))];
  const marks: Marks = {
    code: new RegExp(`[()[\\]{}${lexicon.separators}]|${opens.join("|")}`, "gu"),
    openings: lexicon.forms.map((form) => ({ form, open: new RegExp(form.open, "yu") })),
  };
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
  const made = new RegExp(marks.length === 0 ? "(?!)" : marks.join("|"), "gu");
  if (typeof form.close === "string") {
    madeInside.set(form, made);
  }
  return made;
}

/** The line that ends a here-document. */
export function hereEnd(closer: string): RegExp {
  return new RegExp(`^\\s*${escaped(closer)}(?![\\p{L}\\p{N}_])`, "u");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
