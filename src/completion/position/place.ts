/**
 * What stands at a cursor, as far as completion minds. Columns count UTF-16 units of the cursor's line; `start` is where the text
 * begins that a candidate replaces, `end` where it ends when the rest of the word is replaced too.
 */
export type Place =
  /** Nothing is to be completed: a comment, a text, a number, a new name. */
  | { readonly kind: "none" }
  /** A name, or a member of one: `token` is all of it up to the cursor, such as `os.pa`; `start` is where `pa` begins. */
  | { readonly kind: "name"; readonly token: string; readonly start: number; readonly end: number }
  /** A path in a text, as typed, such as `data/tr`; `start` is where its last part begins. */
  | { readonly kind: "path"; readonly typed: string; readonly start: number; readonly end: number }
  /** A key of something, such as a column: `df["pri`; `object` is `df`, `quote` the one that was typed. */
  | {
      readonly kind: "key";
      readonly object: string;
      readonly typed: string;
      readonly quote: string;
      readonly start: number;
      readonly end: number;
    };
