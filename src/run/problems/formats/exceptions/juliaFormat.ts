import type { Place } from "../../problem.js";
import type { Format, FormatContext } from "../format.js";

const headLine = /^ERROR: (?:LoadError: )*(.+)$/;
/** `   @ Main ~/a.jl:3`, and ` [1] f() at /home/work/a.jl:3` up to 1.5. */
const frameLine = /^\s+(?:@ (?:[\w.#]+ )?|\[\d+\] .* at )([^\s:][^:]*):(\d+)(?: \[inlined\])?$/;
const endLine = /^in expression starting at ([^\s:][^:]*):(\d+)$/;
/** Where a file doesn't parse, and why, since 1.10. */
const parseLine = /^# Error @ ([^\s:][^:]*):(\d+):(\d+)$/;
const parseMessage = /^#.*─ (.+)$/;

interface Thrown {
  message: string;
  place: Place | undefined;
  isParseError: boolean;
}

/** Errors of Julia: at the first frame in a file of the person's own, else where the expression begins. */
export class JuliaFormat implements Format {
  readonly #context: FormatContext;
  #thrown: Thrown | undefined;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    const head = headLine.exec(line);
    if (head !== null) {
      this.end();
      this.#thrown = { message: head[1] ?? "", place: undefined, isParseError: false };
    } else if (this.#thrown !== undefined) {
      this.#takeBelow(this.#thrown, line);
    }
  }

  settle(): void {
    // frames may follow
  }

  end(): void {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    if (thrown?.place !== undefined) {
      this.#context.report({
        ...thrown.place,
        severity: "error",
        message: thrown.message,
        source: "julia",
      });
    }
  }

  #takeBelow(thrown: Thrown, line: string): void {
    const parse = thrown.isParseError ? null : parseLine.exec(line);
    const end = endLine.exec(line);
    if (parse !== null) {
      thrown.isParseError = true;
      thrown.place = { ...placeOf(parse), column: Number(parse[3]), unit: "byte" };
    } else if (thrown.isParseError && thrown.message.startsWith("ParseError")) {
      thrown.message = parseMessage.exec(line)?.[1] ?? thrown.message;
    } else if (end !== null) {
      thrown.place ??= this.#own(end);
      this.end();
    } else {
      const frame = frameLine.exec(line);
      thrown.place ??= frame === null ? undefined : this.#own(frame);
    }
  }

  #own(match: readonly string[]): Place | undefined {
    const place = placeOf(match);
    return this.#context.isOurs(place.remoteFile) ? place : undefined;
  }
}

function placeOf([, remoteFile = "", line]: readonly string[]): Place {
  return { remoteFile, line: Number(line) };
}
