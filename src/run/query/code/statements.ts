import { type LexicalStyle, logicalLineAt } from "./logicalLines.js";

/** Lines of a document, both included, counted from 0. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
}

const python: LexicalStyle = { comment: "#", quotes: ['"', "'"], longQuotes: ['"""', "'''"] };
const hashed: LexicalStyle = { comment: "#", quotes: ['"', "'"], longQuotes: [] };
const slashed: LexicalStyle = { comment: "//", quotes: ['"', "'"], longQuotes: ["`"] };

/** Clauses that belong to the statement before, at the same indentation. */
const clause = /^(elif|else|except|finally)\b/;

/**
 * The statement that begins at a line, or at the first line with code after it; `undefined` where none follows. Python's compound
 * statements come whole, with decorators and clauses such as `else`. Elsewhere a statement ends with its brackets.
 */
export function statementAt(
  lines: readonly string[],
  line: number,
  languageId: string,
): LineSpan | undefined {
  const comment = languageId === "javascript" ? /^\s*(\/\/.*)?$/ : /^\s*(#.*)?$/;
  const start = lines.findIndex((text, index) => index >= line && !comment.test(text));
  if (start === -1) {
    return undefined;
  }
  if (languageId === "python") {
    return { start, end: pythonEnd(lines, start) };
  }
  return { start, end: logicalLineAt(lines, start, languageId === "javascript" ? slashed : hashed).end };
}

/** Takes the indentation of the first line with text away from all lines that have it. */
export function dedent(text: string): string {
  const lines = text.split("\n");
  const indent = indentOf(lines.find((line) => line.trim() !== "") ?? "");
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join("\n");
}

function pythonEnd(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start] ?? "").length;
  let { end, code } = logicalLineAt(lines, start, python);
  while (code.trimStart().startsWith("@") && end + 1 < lines.length) {
    ({ end, code } = logicalLineAt(lines, end + 1, python));
  }
  if (!code.endsWith(":")) {
    return end;
  }
  for (let next = end + 1; next < lines.length; next += 1) {
    const text = lines[next] ?? "";
    if (/^\s*(#.*)?$/.test(text)) {
      continue; // belongs to the block if more of it follows
    }
    const depth = indentOf(text).length;
    if (depth < indent || (depth === indent && !clause.test(text.trimStart()))) {
      return end;
    }
    end = logicalLineAt(lines, next, python).end;
    next = end;
  }
  return end;
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
