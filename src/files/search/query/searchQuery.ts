import { BackendAIError } from "../../../base/errors.js";

/** What is searched for. */
export interface SearchPattern {
  readonly text: string;
  /** Whether `text` is a regular expression of JavaScript; lines are searched one by one. */
  readonly isRegex: boolean;
  readonly isCaseSensitive: boolean;
  readonly isWholeWord: boolean;
}

/** Which files of a folder are looked at. Globs as VS Code writes them, relative to the folder; hidden files count. */
export interface FileChoice {
  /** Absolute in the session. */
  readonly folder: string;
  /** Empty: all files. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A search. Links are not followed; files with a NUL byte, and lines over {@link lineLimitBytes}, are left out. */
export interface SearchQuery extends SearchPattern, FileChoice {
  /** Matching lines after which the search ends. */
  readonly maxLines: number;
}

/** Folders that hold no work of a person. */
export const usualExcludes: readonly string[] = [
  "**/.git",
  "**/node_modules",
  "**/__pycache__",
  "**/.ipynb_checkpoints",
  "**/.venv",
];

/** Lines longer than this are not searched. */
export const lineLimitBytes = 1024 * 1024;

/** Candidate lines of one file after which the rest of it is left out. */
export const linesOfFile = 5000;

/** The query can't be answered as it is; the message is for people. */
export class SearchQueryError extends BackendAIError {
  readonly code = "SEARCH_QUERY";
}
