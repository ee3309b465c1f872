import { shorten } from "../../base/text.js";
import { CompilerFormat } from "./formats/compilers/compilerFormat.js";
import type { Format, FormatContext } from "./formats/format.js";
import { GoFormat } from "./formats/compilers/goFormat.js";
import { JavaFormat } from "./formats/exceptions/javaFormat.js";
import { JuliaFormat } from "./formats/exceptions/juliaFormat.js";
import { NodeFormat } from "./formats/exceptions/nodeFormat.js";
import { OneLineFormat } from "./formats/oneLineFormat.js";
import { PythonFormat } from "./formats/exceptions/pythonFormat.js";
import { RFormat } from "./formats/exceptions/rFormat.js";
import { RustFormat } from "./formats/compilers/rustFormat.js";
import { OutputLines } from "./outputLines.js";
import type { Problem, RelatedPlace } from "./problem.js";

/** Problems told of one run; who has as many mends the first and runs again. */
const problemLimit = 500;

/** Characters kept of a message. */
const messageLimit = 1000;

/** Which stream of a program some output came on. */
export type OutputStream = "stdout" | "stderr";

/** What a matcher works with. */
export interface ProblemMatcherOptions {
  /** Whether a file that the output names is one of the person's own, as far as its path tells. */
  readonly isOurs: (remoteFile: string) => boolean;
  /** Default 500. */
  readonly limit?: number;
}

/**
 * Finds the problems in the output of a run, in whatever pieces it comes. Each is told once, at most 500 of them; what is kept
 * does not grow with the output.
 */
export class ProblemMatcher {
  readonly #limit: number;
  readonly #isOurs: (remoteFile: string) => boolean;
  readonly #told = new Set<string>();
  readonly #streams: Readonly<Record<OutputStream, StreamReader>>;
  #found: Problem[] = [];

  constructor({ isOurs, limit = problemLimit }: ProblemMatcherOptions) {
    this.#limit = limit;
    this.#isOurs = isOurs;
    const context = { isOurs, report: (problem: Problem) => this.#take(problem) };
    this.#streams = { stdout: new StreamReader(context), stderr: new StreamReader(context) };
  }

  /** Takes the next output; returns the problems that are complete with it. */
  feed(text: string, stream: OutputStream): readonly Problem[] {
    if (this.#told.size < this.#limit) {
      this.#streams[stream].lines.take(text);
    }
    return this.#taken();
  }

  /** For a pause: returns what would wait for the next line, such as a warning that a note may follow. */
  settle(): readonly Problem[] {
    this.#streams.stdout.settle();
    this.#streams.stderr.settle();
    return this.#taken();
  }

  /** For the end of the output: returns what the last line completes. */
  end(): readonly Problem[] {
    this.#streams.stdout.end();
    this.#streams.stderr.end();
    return this.#taken();
  }

  #taken(): readonly Problem[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #take(problem: Problem): void {
    if (!this.#isOurs(problem.remoteFile) || this.#told.size >= this.#limit) {
      return;
    }
    const kept = detached(problem, this.#isOurs);
    const { remoteFile, line, column, severity, message } = kept;
    const key = JSON.stringify([remoteFile, line, column, severity, message]);
    if (!this.#told.has(key)) {
      this.#told.add(key);
      this.#found.push(kept);
    }
  }
}

/** One stream of output: cut into lines, each read by every format. */
class StreamReader {
  readonly lines: OutputLines;
  readonly #formats: readonly Format[];

  constructor(context: FormatContext) {
    this.#formats = [
      new CompilerFormat(context),
      new GoFormat(context),
      new JavaFormat(context),
      new JuliaFormat(context),
      new NodeFormat(context),
      new OneLineFormat(context),
      new PythonFormat(context),
      new RFormat(context),
      new RustFormat(context),
    ];
    this.lines = new OutputLines((line) => {
      for (const format of this.#formats) {
        format.take(line);
      }
    });
  }

  settle(): void {
    for (const format of this.#formats) {
      format.settle();
    }
  }

  end(): void {
    this.lines.end();
    for (const format of this.#formats) {
      format.end();
    }
  }
}

/** A part of a string keeps the whole of it in memory, and here the whole is output. So what is kept is copied. */
function detached(problem: Problem, isOurs: (remoteFile: string) => boolean): Problem {
  const message = shorten(problem.message, messageLimit);
  const related = problem.related
    ?.filter((place) => isOurs(place.remoteFile))
    .map((place): RelatedPlace => ({ ...place, message: shorten(place.message, messageLimit) }));
  return JSON.parse(JSON.stringify({ ...problem, message, related })) as Problem;
}
