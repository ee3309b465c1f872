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
    for (let at = 0; at < text.length; at += pieceSize) {
      const piece = text.slice(at, at + pieceSize);
      this.#waiting.push(piece);
      this.#size += piece.length;
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
    if (this.#isOpen) {
      this.#drawing ??= this.#draw().finally(() => {
        this.#drawing = undefined;
      });
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
    for (;;) {
      let piece = this.#waiting.shift();
      if (piece === undefined) {
        return;
      }
      this.#size -= piece.length;
      if (this.#omitted > 0) {
        // Whatever was left out may have been in the middle of a line and of a colour.
        const line = piece.indexOf("\n") + 1;
        piece = `\x1b[0m\r\n${this.#note(this.#omitted + line)}${piece.slice(line)}`;
        this.#omitted = 0;
      }
      await this.#pacer.write(piece);
    }
  }
}
