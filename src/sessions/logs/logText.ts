import * as l10n from "@vscode/l10n";
import { formatBytes } from "../../base/text.js";
import { type LogReading, LogProgress } from "./logReading.js";
import { type LogLine, LogScreen } from "./logScreen.js";

/** Characters of a log that a document has at most; an editor takes as much without being felt. */
export const shownLimit = 2_000_000;
/** What is left when it is cut, so that this happens seldom. */
const keptLimit = 1_500_000;

/** What a document shows of a log: its newest lines, a note of what is left out above, and one of its end below. */
export class LogText {
  #screen = new LogScreen();
  #progress = new LogProgress();
  #cut = 0;
  #note = "";
  #preface = "";

  /** Whether anything was printed. */
  get isEmpty(): boolean {
    return this.#screen.size === 0;
  }

  /** Takes what the server has now; says whether the text has changed. */
  update(reading: LogReading): boolean {
    const added = this.#progress.next(reading);
    if (added === "") {
      return false;
    }
    if (added === undefined) {
      return this.#begin(reading);
    }
    this.#screen.write(added);
    this.#bound();
    return true;
  }

  /** Sets the note at the end, such as `The session has ended.`; says whether the text has changed. */
  setNote(note: string): boolean {
    const has = note !== this.#note;
    this.#note = note;
    return has;
  }

  /** Sets what is said above the log; says whether the text has changed. */
  setPreface(preface: string): boolean {
    const has = preface !== this.#preface;
    this.#preface = preface;
    return has;
  }

  /** The lines of the document. */
  lines(): readonly LogLine[] {
    const { lines } = this.#screen;
    const isOpen = lines.at(-1)?.text !== "";
    const body = this.isEmpty ? [] : this.#note === "" || isOpen ? lines : lines.slice(0, -1);
    return [
      ...(this.#preface === "" ? [] : [plain(`[${this.#preface}]`)]),
      ...(this.#cut > 0
        ? [plain(`[${l10n.t("{0} of older output left out: Save Log has all", formatBytes(this.#cut))}]`)]
        : []),
      ...body,
      ...(this.#note === "" ? [] : [plain(`[${this.#note}]`)]),
    ];
  }

  #begin({ text, skipped }: LogReading): boolean {
    const wasEmpty = this.isEmpty;
    const start = startOfLine(text, text.length - shownLimit);
    this.#screen = new LogScreen();
    this.#screen.write(text.slice(start));
    this.#cut = skipped + start;
    this.#bound();
    return !(wasEmpty && this.isEmpty);
  }

  #bound(): void {
    if (this.#screen.size > shownLimit) {
      this.#cut += this.#screen.cut(keptLimit);
    }
  }
}

function plain(text: string): LogLine {
  return { text, spans: [] };
}

/** The first place from `at` on where a line begins; `at` itself where no line ends for long. */
function startOfLine(text: string, at: number): number {
  if (at <= 0) {
    return 0;
  }
  const end = text.indexOf("\n", at - 1);
  return end < 0 || end > at + 100_000 ? at : end + 1;
}
