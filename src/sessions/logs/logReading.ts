/** A log as a server has it at one moment. */
export interface LogReading {
  /** The newest part, escape sequences included. */
  readonly text: string;
  /** Characters before it that were not kept. */
  readonly skipped: number;
}

/** The end of a text, kept while it goes by: memory stays within twice the limit. */
export class LogTail {
  readonly #limit: number;
  #pieces: string[] = [];
  #size = 0;
  #skipped = 0;

  /** @param limit Characters that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(piece: string): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size > 2 * this.#limit) {
      this.#cut();
    }
  }

  reading(): LogReading {
    this.#cut();
    return { text: this.#pieces.join(""), skipped: this.#skipped };
  }

  #cut(): void {
    const text = this.#pieces.join("");
    const excess = Math.max(0, text.length - this.#limit);
    this.#skipped += excess;
    this.#size = text.length - excess;
    this.#pieces = [text.slice(excess)];
  }
}

/** Enough of a text's end to know it again. */
const markLength = 4096;

/** Finds in each reading of a log what came since the one before; keeps only a mark of what it has seen. */
export class LogProgress {
  #seen = 0;
  #mark = "";

  /**
   * @returns what is new; `undefined` when this is not the log from before gone on, but another one or a part after a gap, so
   *   that its whole text is to be shown.
   */
  next({ text, skipped }: LogReading): string | undefined {
    const before = this.#place({ text, skipped });
    // A copy: a part of a text would keep the whole of it in memory.
    this.#mark = Buffer.from(text.slice(-markLength)).toString();
    this.#seen = skipped + text.length;
    return before === undefined ? undefined : text.slice(before);
  }

  /** Where what was seen ends in a text. */
  #place({ text, skipped }: LogReading): number | undefined {
    const mark = this.#mark;
    if (mark === "") {
      return undefined;
    }
    const same = this.#seen - skipped;
    if (same <= text.length && same >= mark.length && text.startsWith(mark, same - mark.length)) {
      return same;
    }
    const moved = text.lastIndexOf(mark); // a server that drops the oldest
    return moved < 0 ? undefined : moved + mark.length;
  }
}
