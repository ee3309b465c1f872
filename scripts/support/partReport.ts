import type { Counts } from "./counts.js";

/** How much of a last line fits into a line about all that runs. */
const lastLineChars = 100;

/** From where on a test is worth telling of as slow. */
const slowMs = 100;

/** What a tool prints. */
export interface ToolOutput {
  add(text: string): void;
  /** Nothing comes any more, but these last words. */
  end(lastWords: string): void;
}

/** What a part prints: as it comes, or in one piece when it has ended, so that parts do not write into each other. */
export class PartReport {
  readonly #startedAt = performance.now();
  readonly #outputs: string[] = [];
  #lastLine = "";

  constructor(
    readonly name: string,
    readonly isLive: boolean,
    readonly print: (text: string) => void,
  ) {
    if (isLive) {
      print(`\n── ${name} ──\n`);
    }
  }

  /** For one tool; the outputs of tools that run at the same time come one after the other. */
  newOutput(): ToolOutput {
    let text = "";
    let isEmpty = true;
    return {
      add: (more) => {
        isEmpty = false;
        this.#lastLine = more.trim().split("\n").at(-1)?.trim() ?? "";
        if (this.isLive) {
          this.print(more);
        } else {
          text += more;
        }
      },
      end: (lastWords) => {
        const missing = isEmpty ? "It printed nothing." : "";
        const words = lastWords === "" ? "" : `${missing}${lastWords}`;
        if (this.isLive) {
          this.print(words);
        } else {
          this.#outputs.push(`${text}${words}`.trimEnd());
        }
      },
    };
  }

  /** The part, for how long it runs, and what it printed last. */
  state(): string {
    const last = this.#lastLine === "" ? "" : `: ${this.#lastLine.slice(0, lastLineChars)}`;
    return `${this.name} (${this.#seconds()} s${last})`;
  }

  /** Prints what is to be said of the part. */
  end(counts: Counts): void {
    const { passed, failed, skipped, slowest = [] } = counts;
    const head = this.isLive ? [] : [`\n── ${this.name} ──`, ...this.#outputs];
    const slow = slowest
      .filter(({ ms }) => ms >= slowMs)
      .map(({ title, ms }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${title}`);
    const told = slow.length === 0 ? [] : [`\nThe slowest tests of ${this.name}:`, ...slow];
    const sum = `${this.name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${this.#seconds()} s)`;
    this.print(`${[...head, ...told, sum].join("\n")}\n`);
  }

  #seconds(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(0);
  }
}
