import type { Format, FormatContext } from "../format.js";

const headLine = /^Error(?: in .*?)?(?: \(from ([^()#]+)#(\d+)\))? ?: ?(.*)$/;
/** Code that does not parse, in a file that is read by another one. */
const parseLine = /^([^\s:][^:]*\.[Rr]):(\d+):(\d+): (.+)$/;
/** `7: stop("boom") at a.R#4` of `traceback()`. */
const frameLine = /^(?:\s*\d+: )?.* at ([^\s#]+)#(\d+)$/;

/** Errors of R, as far as it tells where: a file read by `source`, or a traceback. */
export class RFormat implements Format {
  readonly #context: FormatContext;
  /** The message of the last error, until a frame tells its place. */
  #message: string | undefined;
  /** Whether the message is on the next line, as long ones are. */
  #isNext = false;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    const head = headLine.exec(line);
    if (head !== null) {
      this.#takeHead(head);
      return;
    }
    if (this.#isNext) {
      this.#isNext = false;
      this.#message = line.trim();
      this.#takeParse(this.#message);
      return;
    }
    const [, file, at] = this.#message === undefined ? [] : (frameLine.exec(line) ?? []);
    if (file !== undefined && this.#context.isOurs(file)) {
      this.#report(file, at ?? "", this.#message ?? "");
      this.#message = undefined;
    }
  }

  settle(): void {
    // a place may follow
  }

  end(): void {
    this.#message = undefined;
    this.#isNext = false;
  }

  #takeHead([, file, line, text = ""]: readonly (string | undefined)[]): void {
    this.#isNext = text === "";
    this.#message = text;
    if (file !== undefined && line !== undefined) {
      this.#message = undefined;
      this.#report(file, line, text);
    } else {
      this.#takeParse(text);
    }
  }

  #takeParse(text: string): void {
    const [, remoteFile, line, column, message] = parseLine.exec(text) ?? [];
    if (remoteFile !== undefined && message !== undefined) {
      this.#message = undefined;
      const place = { remoteFile, line: Number(line), column: Number(column) };
      this.#context.report({ ...place, severity: "error", message, source: "R" });
    }
  }

  #report(remoteFile: string, line: string, message: string): void {
    this.#context.report({ remoteFile, line: Number(line), severity: "error", message, source: "R" });
  }
}
