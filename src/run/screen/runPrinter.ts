import { stripVTControlCharacters } from "node:util";
import { programRights, replayRights, ScreenGuard } from "../../base/screen/screenGuard.js";
import type { ExecutionEvent } from "../carriers/execution.js";
import { eventText, remark } from "./runScreen.js";

/** Characters of the last line that are kept. */
const lineLimit = 500;

/** Writes what a program prints and what is said about it to a terminal, and knows where the last line stands. */
export class RunPrinter {
  readonly #write: (text: string) => void;
  readonly #guard = new ScreenGuard(programRights);
  #atLineStart = true;
  #lastLine = "";

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Whether the last line has ended. */
  get atLineStart(): boolean {
    return this.#atLineStart;
  }

  /** The line that was printed last, such as a question, without colours. */
  get lastLine(): string {
    return stripVTControlCharacters(this.#lastLine);
  }

  print(text: string): void {
    if (text !== "") {
      const tail = text.slice(-lineLimit); // megabytes come at once, and nobody asks for more of them
      const line = tail.slice(tail.lastIndexOf("\n") + 1);
      this.#atLineStart = line.length < tail.length && /^(\x1b\[[\d;]*m)*$/.test(line);
      this.#lastLine = line.length < tail.length ? line : (this.#lastLine + tail).slice(-lineLimit);
      this.#write(this.#guard.take(text));
    }
  }

  /** An event of a run: output as it is, and words about the run on a line of their own. */
  show(event: ExecutionEvent): void {
    const text = eventText(event);
    if (event.type === "output") {
      this.#guard.rights = event.isReplay === true ? replayRights : programRights;
    } else if (text !== "") {
      this.startLine();
    }
    this.print(text);
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
