/**
 * A row of a table: code with its cursor, and what is there: nothing, or the kind, what is typed (token, path or key), and the text
 * that a candidate replaces (from `start` to `end`); of a key also its object and quote.
 */
export type Row =
  | readonly [code: string, kind: "none"]
  | readonly [code: string, kind: "name" | "path", typed: string, replaced: string]
  | readonly [code: string, kind: "key", typed: string, replaced: string, object: string, quote: string];
