import { type AnsiStyle, AnsiStyles } from "./ansiStyle.js";

/** A stretch of a line in one style; columns are UTF-16 units, the end is not part of it. */
export interface StyledSpan {
  readonly start: number;
  readonly end: number;
  readonly style: AnsiStyle;
}

/** A line as a terminal would show it: no control character is left but the tab. */
export interface LogLine {
  readonly text: string;
  /** In order, apart from each other. */
  readonly spans: readonly StyledSpan[];
}

/** How far up output may go to write over what it wrote, as on a tall screen; rows. */
const heightRows = 200;
/** A sequence that has not ended after so many characters is no sequence. */
const sequenceLimit = 4096;
/** Columns that a sequence may skip at most. */
const columnLimit = 10_000;
/** Stretches of a line that keep their style; what is beyond is plain. */
const spansLimit = 1000;

const plainRun = /[^\x00-\x08\x0a-\x1f\x7f-\x9f]+/y;
const csi = /(?:\x1b\[|\x9b)([0-?]*)([ -/]*)([@-~])/y;
const string = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/y;
const shortSequence = /\x1b[ -/]*[0-Z\\^-~]/y;
/** A sequence whose end has not come yet. */
const unfinished = /(?:\x1b(?:$|\[[0-?]*[ -/]*$|[\]PX^_][^\x07\x1b\x9c]*\x1b?$|[ -/]+$)|\x9b[0-?]*[ -/]*$)/y;

/**
 * The lines that output leaves on an endless screen: escape sequences taken out and their colours kept, what `\r`, `\b` and
 * movements of the cursor write over replaced. Clearing the screen clears nothing: this is a log. Wide characters count as
 * one column, so that lines of them that write over each other partly may differ from a terminal's.
 */
export class LogScreen {
  readonly #styles = new AnsiStyles();
  #lines: LogLine[] = [{ text: "", spans: [] }];
  #row = 0;
  #column = 0;
  #pending = "";
  #size = 0;

  /** At least one, the last of which may go on. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Characters of all lines, line breaks included. */
  get size(): number {
    return this.#size + this.#lines.length - 1;
  }

  write(output: string): void {
    const text = this.#pending + output;
    this.#pending = "";
    let at = 0;
    while (at < text.length) {
      at = this.#step(text, at);
    }
  }

  /**
   * Drops the oldest lines until at most `limit` characters are left, or the last line alone.
   * @returns the number of characters dropped.
   */
  cut(limit: number): number {
    let dropped = 0;
    let count = 0;
    while (this.size - dropped > limit && count < this.#lines.length - 1) {
      dropped += (this.#lines[count]?.text.length ?? 0) + 1;
      count += 1;
    }
    this.#lines = this.#lines.slice(count);
    this.#size -= dropped - count;
    this.#row = Math.max(0, this.#row - count);
    return dropped;
  }

  /** Goes through one stretch and returns where the next one begins. */
  #step(text: string, at: number): number {
    const run = matchAt(plainRun, text, at);
    if (run !== null) {
      this.#put(run[0]);
      return at + run[0].length;
    }
    const character = text[at] ?? "";
    if (character === "\x1b" || (character >= "\x80" && character <= "\x9f")) {
      return this.#sequence(text, at);
    }
    this.#control(character);
    return at + 1;
  }

  #sequence(text: string, at: number): number {
    const control = matchAt(csi, text, at);
    if (control !== null) {
      this.#obey(control[1] ?? "", control[3] ?? "");
      return at + control[0].length;
    }
    const ended = matchAt(string, text, at);
    if (ended === null && text.length - at < sequenceLimit && matchAt(unfinished, text, at) !== null) {
      this.#pending = text.slice(at);
      return text.length;
    }
    return at + (ended ?? matchAt(shortSequence, text, at) ?? [" "])[0].length;
  }

  #control(character: string): void {
    switch (character) {
      case "\n":
      case "\v":
      case "\f":
        this.#down(1);
        this.#column = 0;
        break;
      case "\r":
        this.#column = 0;
        break;
      case "\b":
        this.#column = Math.max(0, this.#column - 1);
        break;
    }
  }

  #obey(parameters: string, final: string): void {
    const count = Math.min(columnLimit, Math.max(1, Number.parseInt(parameters, 10) || 1));
    switch (final) {
      case "m":
        this.#styles.apply(parameters);
        break;
      case "K":
        this.#eraseInLine(parameters);
        break;
      case "J":
        this.#eraseBelow(parameters);
        break;
      case "A":
      case "F":
        this.#row = Math.max(0, this.#row - count, this.#lines.length - heightRows);
        this.#column = final === "F" ? 0 : this.#column;
        break;
      case "B":
      case "E":
        this.#down(Math.min(count, heightRows));
        this.#column = final === "E" ? 0 : this.#column;
        break;
      case "C":
        this.#column = Math.min(columnLimit, this.#column + count);
        break;
      case "D":
        this.#column = Math.max(0, this.#column - count);
        break;
      case "G":
        this.#column = count - 1;
        break;
    }
  }

  #down(count: number): void {
    this.#row += count;
    while (this.#row >= this.#lines.length) {
      this.#lines.push({ text: "", spans: [] });
    }
  }

  #put(run: string): void {
    const { text, spans } = this.#lines[this.#row] ?? { text: "", spans: [] };
    const start = this.#column;
    const end = start + run.length;
    const padded = text.padEnd(start);
    const style = this.#styles.current;
    const own = style === undefined || spans.length >= spansLimit ? [] : [{ start, end, style }];
    this.#replace(
      start >= text.length ? padded + run : `${padded.slice(0, start)}${run}${padded.slice(end)}`,
      start >= text.length
        ? joined(spans, own)
        : joined(joined(before(spans, start), own), after(spans, end)),
    );
    this.#column = end;
  }

  #eraseInLine(parameters: string): void {
    const { text, spans } = this.#lines[this.#row] ?? { text: "", spans: [] };
    const column = Math.min(this.#column, text.length);
    if (parameters === "1") {
      const end = Math.min(column + 1, text.length); // the place of the cursor is part of it
      this.#replace(" ".repeat(end) + text.slice(end), after(spans, end));
    } else if (parameters === "2") {
      this.#replace("", []);
    } else {
      this.#replace(text.slice(0, column), before(spans, column));
    }
  }

  /** From the cursor on: what multi-line progress bars do before they are drawn anew. */
  #eraseBelow(parameters: string): void {
    if (parameters === "" || parameters === "0") {
      this.#eraseInLine("");
      for (const line of this.#lines.splice(this.#row + 1)) {
        this.#size -= line.text.length;
      }
    }
  }

  #replace(text: string, spans: readonly StyledSpan[]): void {
    this.#size += text.length - (this.#lines[this.#row]?.text.length ?? 0);
    this.#lines[this.#row] = { text, spans };
  }
}

/** A text without its escape sequences, as a terminal would leave it. */
export function plainText(output: string): string {
  const screen = new LogScreen();
  screen.write(output);
  return screen.lines.map(({ text }) => text).join("\n");
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Spans and those that follow them; neighbours of one style are one span. */
function joined(spans: readonly StyledSpan[], following: readonly StyledSpan[]): readonly StyledSpan[] {
  const [next, ...rest] = following;
  const last = spans.at(-1);
  return next !== undefined && last?.style === next.style && last.end === next.start
    ? [...spans.slice(0, -1), { ...last, end: next.end }, ...rest]
    : [...spans, ...following];
}

/** What is left of spans before a column. */
function before(spans: readonly StyledSpan[], column: number): readonly StyledSpan[] {
  return spans
    .filter(({ start }) => start < column)
    .map((span) => ({ ...span, end: Math.min(span.end, column) }));
}

/** What is left of spans from a column on. */
function after(spans: readonly StyledSpan[], column: number): readonly StyledSpan[] {
  return spans
    .filter(({ end }) => end > column)
    .map((span) => ({ ...span, start: Math.max(span.start, column) }));
}
