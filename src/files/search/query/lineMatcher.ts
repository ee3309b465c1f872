import * as l10n from "@vscode/l10n";
import vm from "node:vm";
import { messageOf } from "../../../base/errors.js";
import { type SearchPattern, SearchQueryError } from "./searchQuery.js";

/** A part of a line, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Matches of one line that are told. */
const rangesOfLine = 200;

/** How long an expression may work on one portion of lines, in milliseconds. */
const portionMs = 2000;

/** Finds the matches of a pattern in lines. */
export interface LineMatcher {
  /**
   * The matches of each line, in order.
   * @throws {SearchQueryError} when the expression takes too long, which some do on some texts.
   */
  match(lines: readonly string[]): readonly (readonly TextRange[])[];
}

/**
 * What the pattern means, whatever finds the lines.
 * @throws {SearchQueryError} for an empty pattern, one over several lines, and an expression with a mistake.
 */
export function expressionOf({ text, isRegex, isCaseSensitive, isWholeWord }: SearchPattern): RegExp {
  if (text === "") {
    throw new SearchQueryError(l10n.t("There is nothing to search for."));
  }
  if (/[\r\n]/.test(text)) {
    throw new SearchQueryError(l10n.t("Lines are searched one by one: a pattern can't have a line break."));
  }
  const source = isRegex ? text : escaped(text);
  const flags = isCaseSensitive ? "g" : "gi";
  try {
    return new RegExp(isWholeWord ? asWord(source) : source, `${flags}u`);
  } catch (error) {
    try {
      return new RegExp(isWholeWord ? `(?<!\\w)(?:${source})(?!\\w)` : source, flags); // as old expressions may be written
    } catch {
      throw new SearchQueryError(messageOf(error), { cause: error });
    }
  }
}

/** @throws as {@link expressionOf} does. */
export function lineMatcher(pattern: SearchPattern): LineMatcher {
  const expression = expressionOf(pattern);
  return {
    match: (lines) =>
      pattern.isRegex ? guarded(expression, lines) : lines.map((line) => rangesIn(expression, line)),
  };
}

/** The text as an expression that finds it. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function asWord(source: string): string {
  return `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;
}

function rangesIn(expression: RegExp, line: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  for (const { 0: found, index } of line.matchAll(expression)) {
    ranges.push({ start: index, end: index + found.length });
    if (ranges.length === rangesOfLine) {
      break;
    }
  }
  return ranges;
}

/** In a context of its own, as only there an expression can be stopped. */
function guarded(expression: RegExp, lines: readonly string[]): readonly (readonly TextRange[])[] {
  const found: (readonly TextRange[])[] = [];
  const work = (): void => {
    for (const line of lines) {
      found.push(rangesIn(expression, line));
    }
  };
  try {
    vm.runInNewContext("work()", { work }, { timeout: portionMs });
  } catch (error) {
    if (isTimeout(error)) {
      throw new SearchQueryError(l10n.t("This expression takes too long on the files that are here."), {
        cause: error,
      });
    }
    throw error;
  }
  return found;
}

/** The error is of the other context, and so no `Error` of this one. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
