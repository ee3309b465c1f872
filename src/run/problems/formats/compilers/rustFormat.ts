import type { Place, Problem, RelatedPlace } from "../../problem.js";
import { type Format, type FormatContext, marked, relatedLimit } from "../format.js";

const headLine = /^(error|warning|note|help)(?:\[(\w+)\])?: (.*)$/;
const placeLine = /^\s*--> ([^:]+):(\d+):(\d+)$/;
const sourceLine = /^\s*\d+ \| (.*)$/;
const markLine = /^\s*\|[ |_-]*?(\^+)[ -]*([^\s|].*)?$/;
const panicLine = /^thread '.*' (?:\(\d+\) )?panicked at ([^:']+):(\d+):(\d+):$/;

interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly code: string | undefined;
  readonly message: string;
  place?: Place;
  /** The line of source, as it was printed. */
  printed?: string;
  label: string | undefined;
  readonly related: RelatedPlace[];
}

/** What rustc says, over several lines up to an empty one, and panics of what it built. */
export class RustFormat implements Format {
  readonly #context: FormatContext;
  #diagnostic: Diagnostic | undefined;
  /** The message of a note that has no place yet. */
  #note: string | undefined;
  #panic: Place | undefined;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    if (this.#panic !== undefined) {
      this.#report({ ...this.#panic, severity: "error", message: line, source: "rust" });
      this.#panic = undefined;
      return;
    }
    const head = headLine.exec(line);
    if (head !== null) {
      this.#takeHead(head[1] ?? "", head[2], head[3] ?? "");
    } else if (line === "") {
      this.end();
    } else if (this.#diagnostic !== undefined) {
      this.#takeBody(this.#diagnostic, line);
    } else {
      const panic = panicLine.exec(line);
      this.#panic = panic === null ? undefined : placeOf(panic);
    }
  }

  settle(): void {
    // an empty line ends a message
  }

  end(): void {
    const diagnostic = this.#diagnostic;
    this.#diagnostic = undefined;
    this.#note = undefined;
    if (diagnostic?.place !== undefined) {
      const { place, severity, message, label, code, related } = diagnostic;
      this.#report({
        ...place,
        severity,
        message: label === undefined ? message : `${message}: ${label}`,
        source: "rustc",
        ...(code === undefined ? {} : { code }),
        ...(related.length > 0 ? { related } : {}),
      });
    }
  }

  #takeHead(kind: string, code: string | undefined, message: string): void {
    if (kind === "error" || kind === "warning") {
      this.end();
      this.#diagnostic = { severity: kind, code, message, label: undefined, related: [] };
    } else {
      this.#note = message;
    }
  }

  #takeBody(diagnostic: Diagnostic, line: string): void {
    const place = placeLine.exec(line);
    if (place !== null && diagnostic.place === undefined) {
      diagnostic.place = placeOf(place);
    } else if (place !== null && this.#note !== undefined && diagnostic.related.length < relatedLimit) {
      diagnostic.related.push({ ...placeOf(place), message: this.#note });
    } else if (this.#note === undefined && diagnostic.place?.column !== undefined) {
      takeMarks(diagnostic, diagnostic.place, line);
    }
  }

  #report(problem: Problem): void {
    this.#context.report(problem);
  }
}

/** The first marks below the source are those of the place itself. */
function takeMarks(diagnostic: Diagnostic, place: Place, line: string): void {
  const printed = sourceLine.exec(line)?.[1];
  if (printed !== undefined) {
    diagnostic.printed ??= printed;
    return;
  }
  const marks = place.endColumn === undefined ? markLine.exec(line) : null;
  if (marks !== null) {
    const [, carets = "", label] = marks;
    diagnostic.place = { ...place, ...columnsOf(place, carets, diagnostic.printed ?? "", line) };
    diagnostic.label = label;
  }
}

/** Columns are told in characters, but marks stand at cells. */
function columnsOf(place: Place, carets: string, printed: string, line: string): Partial<Place> {
  if (/^[ -~]*$/.test(printed)) {
    return { endColumn: (place.column ?? 1) + carets.length };
  }
  const at = line.indexOf("^") - line.indexOf("|") - "| ".length;
  const columns = marked(printed, " ".repeat(Math.max(0, at)) + carets);
  return columns === undefined ? {} : { ...columns, unit: "cell" };
}

function placeOf([, file = "", line, column]: readonly string[]): Place {
  return { remoteFile: file, line: Number(line), column: Number(column) };
}
