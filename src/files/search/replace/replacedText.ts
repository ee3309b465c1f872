import { expressionOf } from "../query/lineMatcher.js";
import type { SearchPattern } from "../query/searchQuery.js";

/** A text in which matches were replaced. */
export interface ReplacedText {
  readonly text: string;
  /** Matches that were replaced. */
  readonly count: number;
}

/**
 * Replaces the matches in some lines of a text. Line breaks stay as they are, and so does a byte order mark.
 * The replacement of an expression is read with `$1`, `$<name>` and `$&`, and `\n`, `\t` and `\\` as they are written.
 */
export function replacedText(
  text: string,
  {
    pattern,
    replacement,
    lines,
  }: {
    readonly pattern: SearchPattern;
    readonly replacement: string;
    /** Their numbers, from 1. */
    readonly lines: ReadonlySet<number>;
  },
): ReplacedText {
  const expression = expressionOf(pattern);
  const by = pattern.isRegex ? unescaped(replacement) : replacement.replaceAll("$", "$$$$");
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  let count = 0;
  const changed = text
    .slice(mark.length)
    .split("\n")
    .map((line, index) => {
      if (!lines.has(index + 1)) {
        return line;
      }
      const end = line.endsWith("\r") ? "\r" : "";
      const content = end === "" ? line : line.slice(0, -1);
      count += [...content.matchAll(expression)].length;
      return content.replace(expression, by) + end;
    });
  return { text: mark + changed.join("\n"), count };
}

function unescaped(replacement: string): string {
  return replacement.replace(/\\([nt\\])/g, (_, letter: string) =>
    letter === "n" ? "\n" : letter === "t" ? "\t" : "\\",
  );
}
