import type { Candidate, CandidateKind, CandidateList, CodePoint } from "../completionSource.js";
import type { KernelMatch } from "./helperLines.js";

/** The kernel's words for what a candidate is; others, such as `<unknown>`, are none. */
const kinds: Readonly<Record<string, CandidateKind>> = {
  class: "class",
  function: "function",
  instance: "variable",
  keyword: "keyword",
  magic: "keyword",
  module: "module",
  param: "variable",
  path: "file",
  property: "property",
  statement: "variable",
  "dict key": "column",
};

/** The longest detail, in characters. */
const detailLimit = 200;

/** What the kernel is given to find candidates: the code up to the cursor, without what is far above. */
export interface AskedCode {
  readonly code: string;
  /** The cursor, in code points: all of it. */
  readonly at: number;
}

/** Lines above the cursor that are given: they tell in which function it is. */
const linesAbove = 200;

/** The most of them, in characters. */
const aboveLimit = 32 * 1024;

/** The longest line up to the cursor, in characters: longer ones are data. */
const lineLimit = 4 * 1024;

/** What to ask for a cursor; `undefined` where it stands in a line that is too long. */
export function askedCode({ code, row, col }: CodePoint): AskedCode | undefined {
  const lines = code.split(/\r\n|\r|\n/);
  const line = (lines[row] ?? "").slice(0, col);
  if (line.length > lineLimit) {
    return undefined;
  }
  const above = lines.slice(Math.max(0, row - linesAbove), row);
  while (above.reduce((size, text) => size + text.length + 1, 0) > aboveLimit) {
    above.splice(0, Math.ceil(above.length / 2));
  }
  const asked = [...above, line].join("\n");
  return { code: asked, at: codePoints(asked).length };
}

/** Candidates for the end of `code`, in the kernel's order, each name once. */
export function candidatesOf(
  { code, at }: AskedCode,
  matches: readonly KernelMatch[],
  total: number,
): CandidateList {
  const points = codePoints(code);
  const found = new Map<string, Candidate>();
  for (const match of matches) {
    const candidate = match.end === at && match.start <= at ? candidateOf(match, points) : undefined;
    if (candidate !== undefined && !found.has(candidate.name)) {
      found.set(candidate.name, candidate);
    }
  }
  return { candidates: [...found.values()], isIncomplete: total > matches.length };
}

function candidateOf(match: KernelMatch, points: readonly string[]): Candidate | undefined {
  const { text, start, type, signature } = match;
  const typed = points.slice(start).join("");
  // `ti` finds the magic `%time`, which is no name: whoever wants it types the `%`.
  if (text.startsWith("%") && !typed.startsWith("%")) {
    return undefined;
  }
  const isFolder = type === "path" && text.endsWith("/");
  const name =
    // for programs
    type === "dict key" ? keyOf(match, points) : lastPart(isFolder ? text.slice(0, -1) : text, typed);
  if (name === undefined || name === "" || /[\r\n]/.test(name)) {
    return undefined;
  }
  return { name, kind: isFolder ? "folder" : kinds[type], detail: detailOf(signature) };
}

/** A key as it follows the quote that was typed: the kernel gives its last word alone, older ones close the quote as well. */
function keyOf({ text, start }: KernelMatch, points: readonly string[]): string {
  const [, quote = "", key = ""] = openKey.exec(points.join("")) ?? [];
  const keyStart = points.length - codePoints(key).length;
  const before = quote === "" ? "" : points.slice(keyStart, Math.max(keyStart, start)).join("");
  const after = quote === "" ? text : text.replace(new RegExp(`${quote}\\]?$`), "");
  return before + after;
}

/** The quote and the beginning of a key, at the end of code. */
const openKey = /[[,(]\s*[bBrRuU]?(["'])((?:(?!\1)[^\\\n]|\\.)*)$/u;

/** `text` without what stands before the last part of what was typed: the kernel may replace more than a name, such as `os.pa`. */
function lastPart(text: string, typed: string): string | undefined {
  const before = /^(?:.*[./%])?/su.exec(typed)?.[0] ?? "";
  return text.startsWith(before) ? text.slice(before.length) : undefined;
}

function detailOf(signature: string): string | undefined {
  const line = signature.replaceAll(/\s+/g, " ").trim();
  return line === "" ? undefined : line.slice(0, detailLimit);
}

/** In these the kernel counts. */
export function codePoints(text: string): readonly string[] {
  return Array.from(text);
}
