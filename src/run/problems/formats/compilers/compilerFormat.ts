import type { Place, Problem, RelatedPlace, Severity } from "../../problem.js";
import { type Format, type FormatContext, marked, relatedLimit } from "../format.js";

const headLine =
  /^([^\s:][^:]*):(\d+)(?::(\d+))?:\s+(fatal error|error|warning|note|sorry, unimplemented): (.*)$/;
/** Why a header was read, or a template filled in: by the person's own code, as a rule. */
const includeLine = /^(?:In file included| +) from ([^\s:][^:]*):(\d+)(?::(\d+))?[:,]?$/;
const requiredLine = /^([^\s:][^:]*):(\d+):(\d+): +required from here$/;
const requestedHere = /requested here|in expansion of|required from/;
/** What javac says below its marks. */
const detailLine = /^ {2}(?:symbol|location|required|found|reason): /;
/** Lines that stand between a problem and its notes. */
const betweenLine = /^(?:\s|In file included from|[^:]+: (?:In|At) )/;
/** `[-Wall]` of gcc and clang, `[E501]` of linters, behind the message. */
const trailingCode = /\s+\[([\w+=,-]+)\]$/;

const markLine = /^[\s|~]*\^[\s~^]*$/;
/** What gcc puts in front of source and marks. */
const gutter = /^\s*\|\s/;

const details = 4;

/** A message that is being read, with what was printed below it. */
interface Held {
  readonly problem: Problem;
  readonly related: RelatedPlace[];
  /** Where the person's own code led to it, if it is not in their code itself. */
  readonly origin: Place | undefined;
  printed: string | undefined;
  readonly hasMarks: boolean;
  details: number;
}

/** `file:line:column: error: message`, as gcc, clang, javac and many others write, with notes as related places. */
export class CompilerFormat implements Format {
  readonly #context: FormatContext;
  #held: Held | undefined;
  #included: Place | undefined;
  /** Whether the line before told of an inclusion too: several lines, one way. */
  #including = false;
  #required: Place | undefined;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    const wasIncluding = this.#including;
    this.#including = false;
    const head = headLine.exec(line);
    if (head !== null) {
      this.#takeHead(head);
    } else if (!this.#takeOrigin(line, wasIncluding) && this.#held !== undefined) {
      this.#takeBelow(this.#held, line);
    }
  }

  settle(): void {
    this.end();
  }

  end(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) {
      return;
    }
    const { problem, related } = held;
    const own = related.filter((note) => this.#context.isOurs(note.remoteFile));
    const relatedPart = own.length > 0 ? { related: own } : {};
    if (this.#context.isOurs(problem.remoteFile)) {
      this.#context.report({ ...problem, ...relatedPart });
      return;
    }
    const place = own.find((note) => requestedHere.test(note.message)) ?? held.origin;
    if (place !== undefined) {
      const { severity, source, code } = problem;
      const where = `${problem.remoteFile.split("/").at(-1) ?? ""}:${problem.line}`;
      const message = `${problem.message} (${where})`;
      this.#context.report({
        ...atOf(place),
        severity,
        message,
        source,
        ...(code === undefined ? {} : { code }),
      });
    }
  }

  #takeHead([, file = "", line, column, kind, text = ""]: readonly (string | undefined)[]): void {
    const place = placeOf(file, line, column);
    if (kind === "note") {
      const { related } = this.#held ?? {};
      if (related !== undefined && related.length < relatedLimit) {
        related.push({ ...place, message: text });
      }
      return;
    }
    this.end();
    const code = trailingCode.exec(text)?.[1];
    const severity: Severity = kind === "warning" ? "warning" : "error";
    const message = code === undefined ? text : text.replace(trailingCode, "");
    const problem = { ...place, severity, message, source: sourceOf(file) };
    this.#held = {
      problem: code === undefined ? problem : { ...problem, code },
      related: [],
      origin: this.#required ?? this.#included,
      printed: undefined,
      hasMarks: false,
      details: 0,
    };
    this.#required = undefined;
  }

  /** Takes a line that tells by which way the compiler came here. */
  #takeOrigin(line: string, wasIncluding: boolean): boolean {
    const required = requiredLine.exec(line);
    const included = required === null ? includeLine.exec(line) : null;
    const [, file, at, column] = required ?? included ?? [];
    if (file === undefined) {
      return false;
    }
    const place = this.#context.isOurs(file) ? placeOf(file, at, column) : undefined;
    if (required !== null) {
      this.#required = place;
    } else {
      this.#included = place ?? (wasIncluding ? this.#included : undefined);
      this.#including = true;
    }
    return true;
  }

  #takeBelow(held: Held, line: string): void {
    if (detailLine.test(line) && held.details < details) {
      held.details += 1;
      const message = `${held.problem.message}\n${line.trim()}`;
      this.#held = { ...held, problem: { ...held.problem, message } };
    } else if (held.printed === undefined && line !== "") {
      held.printed = line;
    } else if (held.printed !== undefined && !held.hasMarks && markLine.test(line)) {
      const place = placeByMarks(held.problem, held.printed, line);
      this.#held = { ...held, hasMarks: true, problem: { ...held.problem, ...place } };
    } else if (!betweenLine.test(line)) {
      this.end();
    }
  }
}

function placeOf(remoteFile: string, line: string | undefined, column: string | undefined): Place {
  const place = { remoteFile, line: Number(line) };
  return column === undefined ? place : { ...place, column: Number(column), unit: "tabbedCell" };
}

/**
 * What the marks below the source tell: javac tells the column by them alone. Others count columns in cells, as the marks stand,
 * or in bytes: clang, and gcc before 11.
 */
function placeByMarks({ column }: Place, printed: string, marks: string): Partial<Place> | undefined {
  if (column === undefined) {
    return { ...marked(printed, marks), unit: "character" };
  }
  const at = marks.replace(gutter, "").indexOf("^") + 1;
  return at === column ? undefined : { unit: "byte" };
}

function atOf({ remoteFile, line, column, unit }: Place): Place {
  return {
    remoteFile,
    line,
    ...(column === undefined ? {} : { column }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function sourceOf(file: string): string {
  const suffix = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase();
  const known: Readonly<Record<string, string>> = { java: "javac", py: "python", js: "node", ts: "node" };
  return suffix === undefined || suffix === "mk" ? "make" : (known[suffix] ?? "gcc");
}
