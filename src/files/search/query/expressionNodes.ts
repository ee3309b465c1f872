import type { CharacterClass } from "./byteClass.js";

/** What an expression accepts at least: each part accepts what it stands for, or more. */
export type ExpressionNode =
  | CharacterClass
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "sequence"; readonly parts: readonly ExpressionNode[] }
  | { readonly kind: "either"; readonly options: readonly ExpressionNode[] }
  | { readonly kind: "repeat"; readonly node: ExpressionNode; readonly min: number; readonly max: number }
  | { readonly kind: "start" | "end" | "anything" };

/** Accepts nothing but the empty text. */
export const nothing: ExpressionNode = { kind: "sequence", parts: [] };
export const anything: ExpressionNode = { kind: "anything" };

/** Where a reader is in an expression. */
export interface Reading {
  readonly characters: readonly string[];
  readonly isCaseSensitive: boolean;
  at: number;
}
