import { OutputPacer } from "../../base/screen/outputPacer.js";

/** Characters that wait to be drawn; more than a scrollback holds. */
const waitingLimit = 1_000_000;

/** Characters written at once. */
const pieceSize = 64 * 1024;

/**
 * What goes to a screen that may be slower than the program. The newest text always gets there: when too much waits, the oldest
 * of it is left out and a note stands in its place, so memory is bounded and the end of a run shows at once.
 */
export class ScreenFeed {
  readonly #pacer: OutputPacer;
  readonly #note: (characters: number) => string;
  #isOpen = false;
  #waiting: string[] = [];
  #size = 0;
  #omitted = 0;
  #drawing: Promise<void> | undefined;

  /**
   * @param write Writes to the screen.
   * @param note What stands in place of so many characters.
   */
  constructor(write: (text: string) => void, note: (characters: number) => string) {
    this.#pacer = new OutputPacer(write);
    this.#note = note;
  }

  /** Adds text. */
  push(text: string): void {
    for (let rest = text; rest !== "";) {
      const last = this.#waiting.at(-1);
      const room = last === undefined ? 0 : pieceSize - last.length;
      if (last !== undefined && rest.length <= room) {
        this.#waiting[this.#waiting.length - 1] = last + rest; // many small pieces are one
        this.#size += rest.length;
        break;
      }
      const piece = rest.slice(0, pieceEnd(rest));
      this.#waiting.push(piece);
      this.#size += piece.length;
      rest = rest.slice(piece.length);
    }
    this.#leaveOut();
    this.#drawMore();
  }

  /** The screen is there; what was pushed before waited for it. */
  open(): void {
    this.#isOpen = true;
    this.#drawMore();
  }

  /** Takes the screen's receipts out of what it says was typed. */
  input(data: string): string {
    return this.#pacer.input(data);
  }

  /** Resolves when all that was pushed is on the screen. */
  async drawn(): Promise<void> {
    await this.#drawing;
  }

  /** Nobody looks any more. */
  release(): void {
    this.#waiting = [];
    this.#size = 0;
    this.#pacer.release();
  }

  #drawMore(): void {
    if (this.#isOpen && this.#waiting.length > 0) {
      this.#drawing ??= this.#draw();
    }
  }

  #leaveOut(): void {
    while (this.#size > waitingLimit && this.#waiting.length > 1) {
      const dropped = this.#waiting.shift() ?? "";
      this.#size -= dropped.length;
      this.#omitted += dropped.length;
    }
  }

  async #draw(): Promise<void> {
    try {
      for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
        await this.#pacer.write(piece);
      }
    } finally {
      this.#drawing = undefined; // in the same breath as the last look: what is pushed next begins anew
    }
  }

  #next(): string | undefined {
    const piece = this.#waiting.shift();
    if (piece === undefined) {
      return undefined;
    }
    this.#size -= piece.length;
    if (this.#omitted === 0) {
      return piece;
    }
    // Whatever was left out may have been in the middle of a line and of a colour, or of a sequence in a line without end.
    const start = piece.indexOf("\n") + 1 || Math.max(0, piece.indexOf("\x1b"));
    const omitted = this.#omitted + start;
    this.#omitted = 0;
    return `\x1b[0m\r\n${this.#note(omitted)}${piece.slice(start)}`;
  }
}

/** Where the first piece of a text ends: not within a character. */
function pieceEnd(text: string): number {
  const isCut = text.length > pieceSize && /[\ud800-\udbff]/.test(text.charAt(pieceSize - 1));
  return isCut ? pieceSize - 1 : pieceSize;
}
