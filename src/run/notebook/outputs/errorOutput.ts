import type { CellOutputs } from "./cellOutputs.js";
import { findError, type FoundError } from "./traceback.js";

/** How long a report may wait for the end of the run, in milliseconds: a program that goes on has printed it itself. */
const holdMs = 1000;

/** Characters that are held back at most. */
const holdChars = 500_000;

/**
 * Standard error of a cell. Interpreters report an error there last of all, and it is to be shown as an error: so a report is
 * held back until it is known whether the run ends with it.
 */
export class ErrorOutput {
  readonly #outputs: CellOutputs;
  #held = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(outputs: CellOutputs) {
    this.#outputs = outputs;
  }

  /** Text of standard error. */
  add(text: string): void {
    const all = this.#held + text;
    const found = all.length > holdChars ? undefined : findError(all);
    const start = found?.start ?? all.length;
    this.#take();
    this.#outputText(all.slice(0, start));
    if (start < all.length) {
      this.#held = all.slice(start);
      this.#timer = setTimeout(() => this.release(), holdMs);
    }
  }

  /** Something else is shown next, or nothing comes any more: what is held was the program's own text. */
  release(): void {
    this.#outputText(this.#take());
  }

  /**
   * The run has ended, with this exit code as far as the server tells it. Whether it reported an error, which is shown.
   */
  end(exitCode: number | undefined): boolean {
    const held = this.#take();
    const found = findError(held);
    if (found !== undefined && isEnd(found, exitCode)) {
      this.#outputs.error(found.error);
      return true;
    }
    this.#outputText(held);
    return false;
  }

  #take(): string {
    clearTimeout(this.#timer);
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #outputText(text: string): void {
    if (text !== "") {
      this.#outputs.text("stderr", text);
    }
  }
}

/** Servers before 26.x say 0 after an exception: there the form of the report tells. */
function isEnd(found: FoundError, exitCode: number | undefined): boolean {
  return (exitCode !== undefined && exitCode !== 0) || found.isCertain;
}
