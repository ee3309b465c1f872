import { formatBytes, plural } from "../../../base/text.js";

/** The end of an output that is too long to be kept: its last text, and how much was left out before. */
export class OutputTail {
  readonly #limit: number;
  #text = "";
  #leftOut = 0;
  #pictures = 0;

  /** @param limit Characters that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  addText(text: string): void {
    const all = this.#text + text;
    this.#text = all.length > this.#limit ? all.slice(cutBefore(all, all.length - this.#limit)) : all;
    this.#leftOut += all.length - this.#text.length;
  }

  /** Counts a picture or a page that is not shown. */
  addPicture(): void {
    this.#pictures += 1;
  }

  /** What is to be shown: a note about what is missing, and what came last. */
  toString(): string {
    const missing = [
      ...(this.#leftOut > 0 ? [formatBytes(this.#leftOut)] : []),
      ...(this.#pictures > 0 ? [plural(this.#pictures, "picture")] : []),
    ];
    return missing.length === 0
      ? this.#text
      : `\x1b[0m\n[… ${missing.join(" and ")} left out: this cell prints more than a notebook can keep …]\n${this.#text}`;
  }
}

/** Where to cut, at `index` or one character later: both halves of a character stay together. */
function cutBefore(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}
