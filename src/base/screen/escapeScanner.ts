/**
 * Where a stream of terminal output stands: between sequences, or inside one. `title` is a control string that BEL ends, as
 * opposed to others, which only ESC \ ends.
 */
type Place = "ground" | "escape" | "intermediate" | "csi" | "title" | "string";

/** What begins a sequence: ESC, or one character for ESC and the next. */
const start = /[\x1b\x90\x98\x9b\x9d-\x9f]/g;
/** The final character of a CSI sequence, or what breaks one off. */
const csiEnd = /[\x40-\x7e\x18\x1a\x1b\x80-\uffff]/g;
const titleEnd = /[\x07\x18\x1a\x1b\x80-\x9f]/g;
const stringEnd = /[\x18\x1a\x1b\x80-\x9f]/g;

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
      case "ground":
        return this.#until(start, text, at);
      case "csi":
        return this.#until(csiEnd, text, at);
      case "title":
        return this.#until(titleEnd, text, at);
      case "string":
        return this.#until(stringEnd, text, at);
      case "escape":
      case "intermediate":
        this.#place = this.#afterEscape(text[at] ?? "");
        return at + 1;
    }
  }

  #afterEscape(character: string): Place {
    if (isControl(character)) {
      return placeAfter(character) ?? this.#place; // it is obeyed at once, and the sequence goes on
    }
    if (character >= " " && character <= "/") {
      return "intermediate";
    }
    return this.#place === "escape" ? (placeAfterEscape[character] ?? "ground") : "ground";
  }

  #until(end: RegExp, text: string, at: number): number {
    end.lastIndex = at;
    const found = end.exec(text);
    if (found === null) {
      return text.length;
    }
    this.#place = placeAfter(found[0]) ?? "ground";
    return found.index + 1;
  }
}

const placeAfterEscape: Readonly<Partial<Record<string, Place>>> = {
  "[": "csi",
  "]": "title",
  P: "string",
  X: "string",
  "^": "string",
  _: "string",
};

function isControl(character: string): boolean {
  return character < " " || (character >= "\x7f" && character <= "\x9f");
}

/** Where a control character leads from anywhere; `undefined` for those that may stand inside sequences. */
function placeAfter(character: string): Place | undefined {
  if (character === "\x1b") {
    return "escape";
  }
  if (character === "\x18" || character === "\x1a") {
    return "ground";
  }
  return character >= "\x80" && character <= "\x9f"
    ? (placeAfterEscape[String.fromCharCode(character.charCodeAt(0) - 0x40)] ?? "ground")
    : undefined;
}
