import type { Place, RelatedPlace } from "../../problem.js";
import { type Format, type FormatContext, marked, relatedLimit } from "../format.js";

const frameLine = /^\s*File "([^"]+)", line (\d+)(, in .*)?$/;
const markLine = /^\s*[~^]+$/;
const exceptionLine = /^[\p{L}_][\p{L}\p{N}_.]*(?:: .*)?$/u;
const syntaxException = /^(?:Syntax|Indentation|Tab)Error\b/;
const chainLine =
  /^(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):$/;
/** The margin that the parts of an exception group stand behind. */
const groupMargin = /^ +[|+] /;

interface Frame {
  readonly file: string;
  readonly line: number;
  /** Where a file doesn't parse, which is no call. */
  readonly isSyntax: boolean;
  printed?: string;
  marks?: string;
}

/** A traceback that is being read. `ours`: its last frame in a file of the person's own. */
interface Trace {
  readonly hasHead: boolean;
  last?: Frame;
  ours?: Frame;
}

/** An exception that was read, and may be the cause of one that follows. */
interface Held {
  readonly place: Place | undefined;
  readonly message: string;
  readonly causes: readonly RelatedPlace[];
  isCause: boolean;
}

/** Tracebacks and syntax errors of Python: each at its last frame in a file of the person's own, causes as related places. */
export class PythonFormat implements Format {
  readonly #context: FormatContext;
  #trace: Trace | undefined;
  #held: Held | undefined;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(raw: string): void {
    const line = groupMargin.test(raw) ? raw.replace(groupMargin, "") : raw;
    // for programs
    if (line.endsWith("Traceback (most recent call last):")) {
      this.#begin({ hasHead: true });
      return;
    }
    const frame = frameLine.exec(line);
    if (frame !== null) {
      this.#takeFrame({ file: frame[1] ?? "", line: Number(frame[2]), isSyntax: frame[3] === undefined });
    } else if (this.#trace !== undefined) {
      this.#takeOfTrace(this.#trace, line);
    } else if (this.#held !== undefined && chainLine.test(line)) {
      this.#held.isCause = true;
    } else if (line !== "") {
      this.end();
    }
  }

  settle(): void {
    if (this.#trace === undefined && this.#held?.isCause === false) {
      this.end();
    }
  }

  end(): void {
    const held = this.#held;
    this.#held = undefined;
    this.#trace = undefined;
    if (held?.place !== undefined) {
      const related = held.causes.length > 0 ? { related: held.causes } : {};
      this.#context.report({
        ...held.place,
        severity: "error",
        message: held.message,
        source: "python",
        ...related,
      });
    }
  }

  #begin(trace: Trace): void {
    if (this.#held?.isCause !== true) {
      this.end();
    }
    this.#trace = trace;
  }

  #takeFrame(frame: Frame): void {
    if (this.#trace === undefined) {
      if (!frame.isSyntax) {
        return;
      }
      this.#begin({ hasHead: false });
    }
    const trace = this.#trace;
    if (trace !== undefined) {
      trace.last = frame;
      if (this.#context.isOurs(frame.file)) {
        trace.ours = frame;
      }
    }
  }

  #takeOfTrace(trace: Trace, line: string): void {
    const frame = trace.last;
    if (/^\s/.test(line)) {
      if (frame !== undefined && frame.printed === undefined) {
        frame.printed = line;
      } else if (frame !== undefined && frame.marks === undefined && markLine.test(line)) {
        frame.marks = line;
      }
      return;
    }
    const isEnd = exceptionLine.test(line) && (trace.hasHead || syntaxException.test(line));
    this.#trace = undefined;
    if (isEnd) {
      this.#hold(trace.ours, line);
    } else {
      this.end();
    }
  }

  #hold(frame: Frame | undefined, message: string): void {
    const cause = this.#held;
    const causes =
      cause?.place === undefined
        ? (cause?.causes ?? [])
        : [{ ...cause.place, message: cause.message }, ...cause.causes].slice(0, relatedLimit);
    this.#held = { place: frame && placeOf(frame), message, causes, isCause: false };
  }
}

/** Marks below a call stand at cells, as of 3.11.3; those of a syntax error at bytes from 3.9 to 3.12, which most run. */
function placeOf({ file, line, isSyntax, printed, marks }: Frame): Place {
  const columns = printed !== undefined && marks !== undefined ? marked(printed, marks) : undefined;
  return columns === undefined
    ? { remoteFile: file, line }
    : { remoteFile: file, line, ...columns, unit: isSyntax ? "byte" : "cell" };
}
