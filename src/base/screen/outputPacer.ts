import { EscapeScanner } from "./escapeScanner.js";

/** How closely output follows the screen. */
export interface PacerOptions {
  /** Characters between two receipts. */
  readonly receiptEvery: number;
  /** Receipts on their way above which output waits: what a screen draws in a blink, so that Ctrl-C shows at once. */
  readonly receiptLimit: number;
  /** A screen that gives no receipt for that long is taken not to give any; milliseconds. */
  readonly patienceMs: number;
  /** Characters a second for a screen that gives no receipts. */
  readonly blindRate: number;
}

const usual: PacerOptions = {
  receiptEvery: 64 * 1024,
  receiptLimit: 4,
  patienceMs: 2000,
  blindRate: 4_000_000,
};

/** A private mode that no terminal has: asking for it changes nothing and is answered by every terminal in a row with output. */
const question = "\x1b[?7411$p";
const answer = /\x1b\[\?7411;\d\$y/g;

/**
 * Lets output go no faster than the screen draws it. VS Code takes any amount from an extension's terminal and keeps it in
 * memory; so every now and then a question goes with the output, whose answer comes back as input once all before it is drawn.
 */
export class OutputPacer {
  readonly #write: (text: string) => void;
  readonly #options: PacerOptions;
  readonly #scanner = new EscapeScanner();
  #sinceReceipt = 0;
  #pending = 0;
  #givesReceipts = true;
  #wake: (() => void) | undefined;

  constructor(write: (text: string) => void, options: Partial<PacerOptions> = {}) {
    this.#write = write;
    this.#options = { ...usual, ...options };
  }

  /** Shows text; resolves when more may come. */
  async write(text: string): Promise<void> {
    const { receiptEvery, blindRate } = this.#options;
    const gap = this.#gapIn(text);
    this.#sinceReceipt += text.length;
    if (this.#sinceReceipt < receiptEvery) {
      this.#write(text);
    } else if (!this.#givesReceipts) {
      this.#write(text);
      const ms = (this.#sinceReceipt / blindRate) * 1000;
      this.#sinceReceipt = 0;
      await pause(ms);
    } else if (gap !== undefined) {
      this.#sinceReceipt = text.length - gap;
      this.#pending += 1;
      this.#write(text.slice(0, gap) + question + text.slice(gap));
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

  /**
   * Where a question may stand in the next text: after a line break between sequences, for one between a character and what
   * combines with it would part them. Text with no line breaks for long gets it at its end.
   */
  #gapIn(text: string): number | undefined {
    const line = text.lastIndexOf("\n") + 1;
    this.#scanner.take(text.slice(0, line));
    const isAtLine = line > 0 && this.#scanner.isBetween;
    this.#scanner.take(text.slice(line));
    if (isAtLine) {
      return line;
    }
    const isOverdue = this.#sinceReceipt >= this.#options.receiptEvery;
    return isOverdue && this.#scanner.isBetween ? text.length : undefined;
  }

  async #room(): Promise<void> {
    while (this.#pending >= this.#options.receiptLimit && this.#givesReceipts) {
      if (!(await this.#nextReceipt())) {
        this.#givesReceipts = false;
        this.#pending = 0;
      }
    }
  }

  /** Whether a receipt came before patience was at its end. */
  async #nextReceipt(): Promise<boolean> {
    const came = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#options.patienceMs);
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
