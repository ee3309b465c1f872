/** A language whose code can be run piece by piece in an interpreter that keeps its variables. */
export interface QueryLanguage {
  /** VS Code's language id. */
  readonly id: string;
  /** The line that begins a cell, as the language's other tools write it. */
  readonly cellMark: RegExp;
  readonly comment: RegExp;
}

/** Every such language: those of Jupyter kernels that Backend.AI has runners for, and JavaScript of the local engine. */
export const queryLanguages: readonly QueryLanguage[] = [
  {
    id: "python",
    cellMark: /^#\s*(%%|<codecell>|In\[[\d ]*\])/,
    comment: /^\s*#/,
  },
  { id: "r", cellMark: /^#+\s*%%/, comment: /^\s*#/ },
  { id: "julia", cellMark: /^(#\s*%%|##(?!#))/, comment: /^\s*#/ },
  { id: "javascript", cellMark: /^\/\/\s*%%/, comment: /^\s*\/\// },
];

/** The query language of a VS Code language id. */
export function queryLanguageOf(languageId: string): QueryLanguage | undefined {
  return queryLanguages.find(({ id }) => id === languageId);
}
