import type { Place, RelatedPlace } from "../../problem.js";
import { type Format, type FormatContext, relatedLimit } from "../format.js";

const headLine = /^Exception in thread "[^"]*" (\S.*)$/;
const causeLine = /^Caused by: (\S.*)$/;
const frameLine = /^\s+at [^\s(]+\(([^():]+\.(?:java|kt|scala)):(\d+)\)/;
const otherLine = /^\s+(?:at |\.\.\. \d+ )/;

interface Thrown {
  readonly message: string;
  place?: Place;
}

/** Uncaught exceptions of Java: each at its first frame in a file of the person's own, causes as related places. */
export class JavaFormat implements Format {
  readonly #context: FormatContext;
  /** The exception, then its causes. */
  #thrown: Thrown[] = [];

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    const head = headLine.exec(line);
    const cause = this.#thrown.length > 0 ? causeLine.exec(line) : null;
    if (head !== null) {
      this.end();
      this.#thrown = [{ message: head[1] ?? "" }];
    } else if (cause !== null) {
      if (this.#thrown.length <= relatedLimit) {
        this.#thrown.push({ message: cause[1] ?? "" });
      }
    } else if (otherLine.test(line)) {
      this.#takeFrame(line);
    } else {
      this.end();
    }
  }

  settle(): void {
    // frames may follow
  }

  end(): void {
    const [first, ...causes] = this.#thrown;
    this.#thrown = [];
    const related = causes.flatMap(({ place, message }): RelatedPlace[] =>
      place ? [{ ...place, message }] : [],
    );
    const place = first?.place ?? related[0];
    if (first !== undefined && place !== undefined) {
      const { remoteFile, line } = place;
      const { message } = first;
      const relatedPart = related.length > 0 ? { related } : {};
      this.#context.report({ remoteFile, line, severity: "error", message, source: "java", ...relatedPart });
    }
  }

  #takeFrame(line: string): void {
    const thrown = this.#thrown.at(-1);
    const frame = thrown !== undefined && thrown.place === undefined ? frameLine.exec(line) : null;
    const [, remoteFile, at] = frame ?? [];
    if (thrown !== undefined && remoteFile !== undefined && this.#context.isOurs(remoteFile)) {
      thrown.place = { remoteFile, line: Number(at) };
    }
  }
}
