import { EscapeScanner } from "./escapeScanner.js";

/** Characters between two receipts. */
const receiptEvery = 64 * 1024;
/** Receipts on their way above which output waits: what a screen draws in a blink, so that Ctrl-C shows at once. */
const receiptLimit = 4;
/** A screen that gives no receipt for that long is taken not to give any; milliseconds. */
const patienceMs = 2000;
/** Characters a second for a screen that gives no receipts. */
const blindRate = 4_000_000;

/** A private mode that no terminal has: asking for it changes nothing and is answered by every terminal in a row with output. */
const question = "\x1b[?7411$p";
const answer = /\x1b\[\?7411;\d\$y/g;

/**
 * Lets output go no faster than the screen draws it. VS Code takes any amount from an extension's terminal and keeps it in
 * memory; so every now and then a question goes with the output, whose answer comes back as input once all before it is drawn.
 */
export class OutputPacer {
  readonly #write: (text: string) => void;
  readonly #scanner = new EscapeScanner();
  #sinceReceipt = 0;
  #pending = 0;
  #givesReceipts = true;
  #wake: (() => void) | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Shows text; resolves when more may come. */
  async write(text: string): Promise<void> {
    this.#scanner.take(text);
    this.#sinceReceipt += text.length;
    if (this.#sinceReceipt < receiptEvery) {
      this.#write(text);
    } else if (!this.#givesReceipts) {
      this.#write(text);
      await pause((this.#sinceReceipt / blindRate) * 1000);
      this.#sinceReceipt = 0;
    } else if (this.#scanner.isBetween) {
      this.#sinceReceipt = 0;
      this.#pending += 1;
      this.#write(text + question);
      await this.#room();
    } else {
      this.#write(text); // the next piece ends its sequence
    }
  }

  /** Takes the receipts out of what the terminal says was typed. */
  input(data: string): string {
    if (!data.includes("\x1b[?7411;")) {
      return data;
    }
    return data.replace(answer, () => {
      this.#pending = Math.max(0, this.#pending - 1);
      this.#givesReceipts = true;
      this.#wake?.();
      return "";
    });
  }

  /** Nobody looks any more: whoever waits goes on. */
  release(): void {
    this.#givesReceipts = false;
    this.#wake?.();
  }

  async #room(): Promise<void> {
    while (this.#pending >= receiptLimit && this.#givesReceipts) {
      if (!(await this.#nextReceipt())) {
        this.#givesReceipts = false;
        this.#pending = 0;
      }
    }
  }

  /** Whether a receipt came before patience was at its end. */
  async #nextReceipt(): Promise<boolean> {
    const came = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), patienceMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.#wake = undefined;
    return came;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
