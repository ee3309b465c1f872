/** Characters kept of a line: messages are at its beginning. */
const lineLimit = 4096;

/** Colours, cursor movements, titles and links. Their parts share no characters, so that garbage costs no second look. */
const escapeSequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]?|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~]?)/g;

/**
 * Cuts output into lines, whatever the pieces it comes in: without line ends and escape sequences, each no longer than 4096
 * characters. A carriage return that no line feed follows ends a line too: what a progress bar leaves is no message.
 */
export class OutputLines {
  readonly #onLine: (line: string) => void;
  #line = "";
  /** Whether a carriage return came last, which a line feed may follow. */
  #returned = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes the next piece. */
  take(text: string): void {
    const breaks = /[\r\n]/g;
    let at = 0;
    for (let found = breaks.exec(text); found !== null; found = breaks.exec(text)) {
      this.#append(text, at, found.index);
      at = found.index + 1;
      if (found[0] === "\n") {
        this.#end();
      } else {
        this.#returned = true;
      }
    }
    this.#append(text, at, text.length);
  }

  /** Takes what came last for a line, though nothing ended it. */
  end(): void {
    if (this.#line !== "") {
      this.#end();
    }
  }

  #append(text: string, from: number, to: number): void {
    if (from === to) {
      return;
    }
    if (this.#returned) {
      this.#end();
    }
    const room = lineLimit - this.#line.length;
    if (room > 0) {
      this.#line += text.slice(from, Math.min(to, from + room));
    }
  }

  #end(): void {
    const line = this.#line;
    this.#line = "";
    this.#returned = false;
    this.#onLine(line.includes("\x1b") ? line.replace(escapeSequence, "") : line);
  }
}
