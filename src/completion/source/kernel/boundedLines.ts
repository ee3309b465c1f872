/**
 * Cuts a stream of bytes into lines. One that is longer than `limitBytes` is no line: `onTooLong` is told once, and nothing
 * is read any more.
 */
export class BoundedLines {
  readonly #limitBytes: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #pieces: Buffer[] = [];
  #size = 0;
  #isOver = false;

  constructor(limitBytes: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.#limitBytes = limitBytes;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  /** Takes what has come. */
  push(piece: Buffer): void {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0 && !this.#isOver; end = piece.indexOf(10, from)) {
      if (this.#keep(piece.subarray(from, end))) {
        const line = Buffer.concat(this.#pieces).toString("utf8");
        this.#clear();
        this.#onLine(line);
      }
      from = end + 1;
    }
    if (!this.#isOver) {
      this.#keep(piece.subarray(from));
    }
  }

  #keep(piece: Buffer): boolean {
    this.#size += piece.length;
    if (this.#size > this.#limitBytes) {
      this.#isOver = true;
      this.#clear();
      this.#onTooLong();
      return false;
    }
    this.#pieces.push(piece);
    return true;
  }

  #clear(): void {
    this.#pieces = [];
    this.#size = 0;
  }
}
