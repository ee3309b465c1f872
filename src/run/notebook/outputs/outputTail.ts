import * as l10n from "@vscode/l10n";
import { formatBytes } from "../../../base/text.js";

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
    const missing = this.#missing();
    return missing === undefined
      ? this.#text
      : `\x1b[0m\n[… ${l10n.t("{0} left out: this cell prints more than a notebook can keep", missing)} …]\n${this.#text}`;
  }

  /** What is left out, in words; `undefined` when that is nothing. */
  #missing(): string | undefined {
    const text = this.#leftOut > 0 ? formatBytes(this.#leftOut) : undefined;
    if (this.#pictures === 0) {
      return text;
    }
    const pictures = this.#pictures === 1 ? l10n.t("1 picture") : l10n.t("{0} pictures", this.#pictures);
    return text === undefined ? pictures : l10n.t("{0} and {1}", text, pictures);
  }
}

/** Where to cut, at `index` or one character later: both halves of a character stay together. */
function cutBefore(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}
