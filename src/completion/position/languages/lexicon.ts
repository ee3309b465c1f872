import type { Form } from "./form.js";

/** Lines that are no code of the language at all, such as `!ls` of IPython, or documentation between two marks. */
export interface LineForm {
  readonly kind: "comment" | "shell";
  readonly open: RegExp;
  /** The last line of it; absent: it is one line. */
  readonly close?: RegExp;
  /** Whether it begins on the line after, such as what follows `%%bash`. */
  readonly isHead?: boolean;
}

/** What a language's code looks like, as far as places are to be told: data that one scanner reads. */
export interface Lexicon {
  /** Comments and strings; of those that begin at the same place the first counts. */
  readonly forms: readonly Form[];
  readonly lineForms?: readonly LineForm[];
  /** Characters of identifiers beside letters, digits and `_`. */
  readonly wordExtras: string;
  /** A mark that belongs to a name when it stands before it, such as the `@` of a macro. */
  readonly sigil?: string;
  /** What stands between an object and its member, longest first. */
  readonly members: readonly string[];
  /** Words that are never called and never looked up. */
  readonly keywords: ReadonlySet<string>;
  /** Matches the line up to a name that is being declared there, and that nobody could complete. */
  readonly declares: RegExp;
  /** Matches the line up to a bracket whose names are parameters. */
  readonly parameters?: RegExp;
  /**
   * Matches lines that stand outside of every bracket. Scanning begins at one where it can't begin at the document's first line, and
   * a bracket that was never closed ends there.
   */
  readonly anchor: RegExp;
  /** Brackets with keys in them: `[` for most. */
  readonly subscripts: string;
  /** What is taken off an object before its keys are asked for, where a key is not the first one: pandas' `.loc`. */
  readonly indexer?: RegExp;
  /** Methods whose first argument is a key of their object, and arguments of any method that are. */
  readonly keyCalls?: { readonly methods: ReadonlySet<string>; readonly keywords: ReadonlySet<string> };
  /** What separates arguments: `,` for most. */
  readonly separators: string;
  /** Whether arguments may be given as `name=value`. */
  readonly hasKeywordArguments: boolean;
  /** Whether `:name` is a symbol, which may be a key. */
  readonly hasSymbols?: boolean;
  /** Functions whose first argument is a path. */
  readonly pathCalls: RegExp;
  /** What words on their own are: names, or commands and paths. */
  readonly isShell?: boolean;
  /** Whether `%name` at the beginning of a line is a command. */
  readonly hasMagics?: boolean;
}

/** A set of the words in `text`. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
