import type { Form } from "../languages/form.js";
import type { Position } from "../lineSource.js";

/** A bracket that is open at the cursor, or a hole with code in a string. */
export interface CodeFrame {
  readonly type: "code";
  readonly bracket: "(" | "[" | "{";
  /** Whether it is a hole of the text below it. */
  readonly isHole: boolean;
  /** Where its mark begins. */
  readonly at: Position;
  /** How many arguments end before the cursor. */
  argument: number;
  /** Where the argument at the cursor begins. */
  since: Position;
}

/** A comment or a string that is open at the cursor. */
export interface TextFrame {
  readonly type: "text";
  readonly form: Omit<Form, "kind" | "open" | "after" | "close"> & {
    readonly kind: "comment" | "shell" | "string";
  };
  /** Where its mark begins, without a prefix, and where the mark ends. */
  readonly at: Position;
  readonly inside: Position;
  /** What ends it; empty: the end of the line. */
  readonly closer: string;
  /** What counts inside it. */
  readonly marks: RegExp;
  /** The line that ends it, where it is made of whole lines. */
  readonly closeLine?: RegExp;
  /** How many of its like are open inside it. */
  depth: number;
}

export type Frame = CodeFrame | TextFrame;
