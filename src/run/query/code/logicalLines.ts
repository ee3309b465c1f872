/** A statement over more lines than this is taken to be an open bracket that was forgotten. */
const lineLimit = 2000;

/** Where a logical line ends, and its code without comments and the insides of its strings. */
export interface LogicalLine {
  /** The last physical line, counted from 0. */
  readonly end: number;
  readonly code: string;
}

/** How a language writes what hides brackets. */
export interface LexicalStyle {
  /** Begins a comment to the end of the line. */
  readonly comment: "#" | "//";
  readonly quotes: readonly string[];
  /** Strings that may go on over lines, longest first. */
  readonly longQuotes: readonly string[];
}

/**
 * The logical line that begins at `start`: it goes on while a bracket or a long string is open, or after a backslash. A line whose
 * bracket is never closed stands for itself.
 */
export function logicalLineAt(lines: readonly string[], start: number, style: LexicalStyle): LogicalLine {
  let state: Scan = { depth: 0, quote: undefined, code: "" };
  const last = Math.min(lines.length, start + lineLimit);
  for (let index = start; index < last; index += 1) {
    const line = lines[index] ?? "";
    state = scanLine(line, state, style);
    const goesOn = state.depth > 0 || state.quote !== undefined || state.code.endsWith("\\");
    if (!goesOn) {
      return { end: index, code: state.code.trimEnd() };
    }
    state = { ...state, code: `${state.code.replace(/\\$/, "")} ` };
  }
  return {
    end: start,
    code: scanLine(lines[start] ?? "", { depth: 0, quote: undefined, code: "" }, style).code,
  };
}

interface Scan {
  readonly depth: number;
  /** The long string that is open. */
  readonly quote: string | undefined;
  readonly code: string;
}

function scanLine(line: string, before: Scan, style: LexicalStyle): Scan {
  let { depth, quote, code } = before;
  let at = 0;
  while (at < line.length) {
    if (quote !== undefined) {
      const end = endOfString(line, at, quote);
      if (end === undefined) {
        return { depth, quote, code };
      }
      at = end;
      quote = undefined;
      continue;
    }
    if (line.startsWith(style.comment, at)) {
      break;
    }
    const opened = [...style.longQuotes, ...style.quotes].find((mark) => line.startsWith(mark, at));
    if (opened !== undefined) {
      const end = endOfString(line, at + opened.length, opened);
      quote = end === undefined && style.longQuotes.includes(opened) ? opened : undefined;
      code += '""';
      at = end ?? line.length;
      continue;
    }
    const character = line.charAt(at);
    depth += "([{".includes(character) ? 1 : ")]}".includes(character) ? -1 : 0;
    code += character;
    at += 1;
  }
  return { depth: Math.max(0, depth), quote, code: code.trimEnd() };
}

/** The place after the closing mark; `undefined` when the line has none. */
function endOfString(line: string, from: number, mark: string): number | undefined {
  for (let at = from; at < line.length; at += 1) {
    if (line.charAt(at) === "\\") {
      at += 1;
    } else if (line.startsWith(mark, at)) {
      return at + mark.length;
    }
  }
  return undefined;
}
