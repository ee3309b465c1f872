/** How one kind of text that is no code is written: comments, strings, regular expressions. */
export interface Form {
  readonly kind: "comment" | "string";
  /**
   * Source of a regular expression of what begins it, without groups that capture. Prefixes such as `f` of `f"` belong to `after`, so
   * that the search for what counts, by first characters, need not stop at letters.
   */
  readonly open: string;
  /** The characters that it may begin with; absent: the first one of `open`. */
  readonly begins?: string;
  /** What the text right before it must match. */
  readonly after?: RegExp;
  /** How many characters `after` sees; absent: 4, enough for a prefix. Few, since it is asked at every mark. */
  readonly behind?: number;
  /** What ends it; `"line"`: the end of its line; `"whole"`: `open` matches all of it. */
  readonly close: string | ((opened: string) => string);
  /** Whether `close` only counts on a line of its own, and the text begins on the line after: a here-document. */
  readonly isHere?: boolean;
  /** Whether it goes on over lines. */
  readonly isLong?: boolean;
  /** Whether its like may stand inside it. */
  readonly nests?: boolean;
  /** Whether a backslash takes away the meaning of the character after it. */
  readonly escapes?: boolean;
  /** What begins code inside it, such as `${`: its last character is the bracket. Doubled, it stands for itself. */
  readonly hole?: "{" | "${" | "$(";
  /** Whether `$name` inside it is a variable. */
  readonly hasNames?: boolean;
  /** Whether it may be a key or a path: neither a regular expression nor a text of many lines is one. */
  readonly isWord?: boolean;
}

/** A comment from `open` to the end of its line. */
export function lineComment(open: string, after?: RegExp): Form {
  return { kind: "comment", open, close: "line", ...(after ? { after } : {}) };
}

/** A comment between two marks. */
export function blockComment(open: string, close: string, nests = false): Form {
  return { kind: "comment", open, close, isLong: true, nests };
}

/** A short string, which may be a key or a path. */
export function quoted(quote: string, more: Partial<Form> = {}): Form {
  return { kind: "string", open: quote, close: quote, escapes: true, isWord: true, ...more };
}

/** A string of many lines. */
export function longString(quote: string, more: Partial<Form> = {}): Form {
  return { kind: "string", open: quote, close: quote, escapes: true, isLong: true, ...more };
}

/** A here-document; `open` matches its mark and its word. */
export function hereDocument(open: string): Form {
  return {
    kind: "string",
    open,
    close: (opened) => /[\p{L}\p{N}_]+/u.exec(opened)?.[0] ?? "",
    isHere: true,
    isLong: true,
    hasNames: true,
  };
}

/** A character in single quotes, told from a lone mark such as a lifetime or a transposition. */
export const character: Form = {
  kind: "string",
  open: String.raw`'(?:\\[^'\n]*.|[^'\\\n]{1,2})'`,
  close: "whole",
};
