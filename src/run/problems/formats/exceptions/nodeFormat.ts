import type { Place } from "../../problem.js";
import { type Format, type FormatContext, marked } from "../format.js";

const headLine = /^(?:node:[\w/.-]+|(?:file:\/\/)?[^\s:()][^:()]*):(\d+)$/;
const markLine = /^\s*\^+$/;
const frameLine = /^\s+at (?:.*\()?((?:file:\/\/)?[^\s:()][^:()]*):(\d+):(\d+)\)?(?: \{)?$/;

/** Lines between the head and the marks: one of source, as a rule. */
const sourceLines = 3;

interface Uncaught {
  readonly head: Place;
  printed?: string;
  linesOfSource: number;
  hasMarks: boolean;
  message: string | undefined;
  frame?: Place;
}

/** Syntax errors and uncaught errors of Node.js: at the first frame in a file of the person's own. */
export class NodeFormat implements Format {
  readonly #context: FormatContext;
  #uncaught: Uncaught | undefined;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    const head = headLine.exec(line);
    if (head !== null) {
      this.end();
      const place = { remoteFile: pathOf(line.slice(0, line.lastIndexOf(":"))), line: Number(head[1]) };
      this.#uncaught = { head: place, linesOfSource: 0, hasMarks: false, message: undefined };
    } else if (this.#uncaught?.hasMarks === false) {
      this.#takeSource(this.#uncaught, line);
    } else if (this.#uncaught !== undefined) {
      this.#takeError(this.#uncaught, line);
    }
  }

  settle(): void {
    // the program is about to end
  }

  end(): void {
    const uncaught = this.#uncaught;
    this.#uncaught = undefined;
    if (uncaught?.message === undefined) {
      return;
    }
    const { head, message, frame } = uncaught;
    const atHead = this.#context.isOurs(head.remoteFile) ? head : undefined;
    const place = message.startsWith("SyntaxError") ? (atHead ?? frame) : (frame ?? atHead);
    if (place !== undefined) {
      this.#context.report({ ...place, severity: "error", message, source: "node" });
    }
  }

  #takeSource(uncaught: Uncaught, line: string): void {
    if (markLine.test(line)) {
      const columns = uncaught.printed === undefined ? undefined : marked(uncaught.printed, line);
      this.#uncaught = { ...uncaught, head: { ...uncaught.head, ...columns }, hasMarks: true };
      return;
    }
    uncaught.printed = line;
    uncaught.linesOfSource += 1;
    if (uncaught.linesOfSource > sourceLines) {
      this.#uncaught = undefined;
    }
  }

  #takeError(uncaught: Uncaught, line: string): void {
    if (line.startsWith("Node.js v")) {
      this.end();
      return;
    }
    if (uncaught.message === undefined) {
      uncaught.message = line === "" ? undefined : line;
      return;
    }
    const frame = uncaught.frame === undefined ? frameLine.exec(line) : null;
    const file = frame === null ? undefined : pathOf(frame[1] ?? "");
    if (frame !== null && file !== undefined && this.#context.isOurs(file)) {
      uncaught.frame = { remoteFile: file, line: Number(frame[2]), column: Number(frame[3]) };
    }
  }
}

/** Modules are named by URL. */
function pathOf(written: string): string {
  if (!written.startsWith("file://")) {
    return written;
  }
  const path = written.slice("file://".length);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
