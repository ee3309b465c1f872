import { programRights, ScreenGuard } from "../../base/screen/screenGuard.js";
import { remark } from "../screen/runScreen.js";

/** Writes to a terminal, and knows whether the last line has ended. */
export class ConsolePrinter {
  readonly #write: (text: string) => void;
  readonly #guard = new ScreenGuard(programRights);
  #atLineStart = true;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  print(text: string): void {
    if (text !== "") {
      this.#atLineStart = /\n(\x1b\[[\d;]*m)*$/.test(text);
      this.#write(this.#guard.take(text));
    }
  }

  /** Ends a line that is open. */
  startLine(): void {
    this.print(this.#atLineStart ? "" : "\r\n");
  }

  /** A remark of ours on a line of its own. */
  remark(text: string): void {
    this.startLine();
    this.print(remark(text));
  }
}
