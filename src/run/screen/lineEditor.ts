import { withoutAnswers } from "../../base/screen/answers.js";

/** Characters typed ahead of a question that are kept; more ring the bell. */
const typeAheadLimit = 4096;

/** What typing led to. */
export type LineEvent = { readonly type: "line"; readonly text: string } | { readonly type: "interrupt" };

/**
 * The line discipline of a run's terminal: echo, backspace, Ctrl-U, Ctrl-W, Ctrl-C, and type-ahead while nobody reads.
 * Passwords are not echoed.
 */
export class LineEditor {
  readonly #echo: (text: string) => void;
  #reading: { readonly isPassword: boolean } | undefined;
  #line: string[] = [];
  #ahead = "";
  #widthOf = (text: string): number => text.length;

  /** @param echo Writes to the terminal. */
  constructor(echo: (text: string) => void) {
    this.#echo = echo;
  }

  /**
   * Comes before the first {@link begin}: learns how wide characters are. Reading Unicode's rules takes longer than all else of an
   * activation, and most runs read no line.
   */
  async load(): Promise<void> {
    this.#widthOf = (await import("string-width")).default;
  }

  /** Begins to read a line; what was typed ahead counts as typed now. */
  begin(isPassword: boolean): readonly LineEvent[] {
    this.#reading = { isPassword };
    this.#line = [];
    const ahead = this.#ahead;
    this.#ahead = "";
    return this.feed(ahead);
  }

  /** What was typed ahead, for a program that takes keys instead of lines. */
  takeAhead(): string {
    const ahead = this.#ahead;
    this.#ahead = "";
    return ahead;
  }

  /** Forgets what was typed and not yet sent. */
  reset(): void {
    this.#reading = undefined;
    this.#line = [];
    this.#ahead = "";
  }

  /** Takes keys as a terminal sends them. */
  feed(data: string): readonly LineEvent[] {
    const events: LineEvent[] = [];
    // Cursor keys and the like come as escape sequences, which a plain line has no use for; so does what the screen itself answers to
    // output, and a program must not be able to type.
    for (const key of withoutAnswers(data).replace(/\x1b(\[[0-?]*[ -/]*[@-~]|O.|.)?/g, "")) {
      const event = this.#key(key);
      if (event !== undefined) {
        events.push(event);
      }
    }
    return events;
  }

  #key(key: string): LineEvent | undefined {
    if (key === "\x03") {
      this.#line = [];
      this.#ahead = "";
      return { type: "interrupt" };
    }
    if (this.#reading === undefined) {
      this.#keep(key);
      return undefined;
    }
    return this.#edit(key, this.#reading.isPassword);
  }

  #keep(key: string): void {
    if (this.#ahead.length < typeAheadLimit) {
      this.#ahead += key;
    } else {
      this.#echo("\x07");
    }
  }

  #edit(key: string, isPassword: boolean): LineEvent | undefined {
    switch (key) {
      case "\r":
      case "\n": {
        const text = this.#line.join("");
        this.#reading = undefined;
        this.#line = [];
        this.#echo("\r\n");
        return { type: "line", text };
      }
      case "\x7f":
      case "\b":
        this.#erase(1, isPassword);
        return undefined;
      case "\x15":
        this.#erase(this.#line.length, isPassword);
        return undefined;
      case "\x17":
        this.#erase(/\S*\s*$/.exec(this.#line.join(""))?.[0].length ?? 0, isPassword);
        return undefined;
      default:
        if (key >= " " || key === "\t") {
          this.#line.push(key);
          this.#echo(isPassword ? "" : key);
        } else {
          this.#echo("\x07");
        }
        return undefined;
    }
  }

  #erase(count: number, isPassword: boolean): void {
    const removed = this.#line.splice(Math.max(0, this.#line.length - count)).join("");
    const width = isPassword ? 0 : this.#widthOf(removed);
    this.#echo("\b \b".repeat(width));
  }
}
