/** Where a stream of terminal output stands: between sequences, or inside one. */
type Place = "ground" | "escape" | "csi" | "string" | "stringEscape";

/** The end of a control string: BEL, or ESC that begins ESC \. */
const stringEnd = /[\x07\x1b\x18\x1a]/g;
/** The final byte of a CSI sequence, or what aborts one. */
const csiEnd = /[\x40-\x7e\x18\x1a\x1b]/g;

/**
 * Knows whether terminal output stands between escape sequences, so that something may be put in there. Looks at escape
 * characters alone, so that plain text costs one search.
 */
export class EscapeScanner {
  #place: Place = "ground";

  /** Whether the last text ended between sequences. */
  get isBetween(): boolean {
    return this.#place === "ground";
  }

  /** Takes the next text. */
  take(text: string): void {
    let at = 0;
    while (at < text.length) {
      at = this.#step(text, at);
    }
  }

  /** Goes through one stretch and returns where the next one begins. */
  #step(text: string, at: number): number {
    switch (this.#place) {
      case "ground": {
        const escape = text.indexOf("\x1b", at);
        if (escape < 0) {
          return text.length;
        }
        this.#place = "escape";
        return escape + 1;
      }
      case "escape":
        return this.#afterEscape(text, at);
      case "csi":
        return this.#until(csiEnd, text, at, (end) => (end === "\x1b" ? "escape" : "ground"));
      case "string":
        return this.#until(stringEnd, text, at, (end) => (end === "\x1b" ? "stringEscape" : "ground"));
      case "stringEscape":
        this.#place = text[at] === "\\" ? "ground" : "escape";
        return text[at] === "\\" ? at + 1 : at;
    }
  }

  #afterEscape(text: string, at: number): number {
    const character = text[at] ?? "";
    if (character === "[") {
      this.#place = "csi";
    } else if ("]PX^_".includes(character)) {
      this.#place = "string";
    } else if (character === "\x1b" || (character >= " " && character <= "/")) {
      this.#place = "escape"; // an intermediate character: the final one follows
    } else {
      this.#place = "ground";
    }
    return at + 1;
  }

  #until(end: RegExp, text: string, at: number, next: (end: string) => Place): number {
    end.lastIndex = at;
    const found = end.exec(text);
    if (found === null) {
      return text.length;
    }
    this.#place = next(found[0]);
    return found.index + 1;
  }
}
