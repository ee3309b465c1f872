/** What output may do beside being drawn. */
export interface ScreenRights {
  /** Whether programs may put text into this computer's clipboard (`OSC 52`), as editors in a terminal do. None may read it. */
  readonly mayWriteClipboard: boolean;
  /** Whether the screen answers what output asks of it: not where output is shown again, for its program would get the answer twice. */
  readonly mayAsk: boolean;
}

/** For programs that are run, whose output is looked at: it may come from anywhere, and nobody copies within it. */
export const programRights: ScreenRights = { mayWriteClipboard: false, mayAsk: true };

/** For terminals that a person works in. */
export const terminalRights: ScreenRights = { mayWriteClipboard: true, mayAsk: true };

/** For output that is shown again, or to somebody else than the one whom it was for. */
export const replayRights: ScreenRights = { mayWriteClipboard: false, mayAsk: false };

/** Most characters of a sequence that are kept until it is known what it is; a longer one of a kind that may do harm is left out. */
const heldLimit = 256;

/**
 * Stands for what is left out: terminals draw nothing, and break off a sequence before it, as the beginning of the one left out did.
 * Else the two ends around it could become a sequence.
 */
const cancel = "\x18";

/** Where the guard stands: in text, at a sequence it does not know yet, or in one that is left out. */
type Place = "ground" | "held" | "dropped string" | "dropped csi";

/** Whether the sequence that begins a text is let through. */
type Decision = "more" | "pass" | "drop string" | "drop csi";

/** Controls that terminals obey or ignore in the middle of a sequence, which goes on behind them. */
const passing = /[\x00-\x06\x08-\x17\x19\x1c-\x1f\x7f]/g;
const stringEnd = /[\x07\x18\x1a\x1b\x80-\x9f]/g;
const csiEnd = /[\x40-\x7e\x18\x1a\x1b\x80-\x9f]/g;
/** What begins a sequence that may be left out. */
const introducers = /[\x1b\x90\x9b\x9d]/g;

/** The colours of the screen itself, which are asked for by the sequences that set them. */
const colours = /^(?:4|5|1\d)$/;

/**
 * Takes out of terminal output what reaches beyond the screen, and leaves a {@link cancel} there. VS Code's terminals let any output write the clipboard and read it
 * (the answer is typed into the program), also that of an extension's terminals, where the program is on another computer. Everything
 * else goes through unchanged, also where pieces of output split sequences. As eager as xterm.js to take something for a sequence.
 */
export class ScreenGuard {
  #rights: ScreenRights;
  #place: Place = "ground";
  #held = "";

  constructor(rights: ScreenRights) {
    this.#rights = rights;
  }

  /** Holds from the next text on. */
  set rights(rights: ScreenRights) {
    this.#rights = rights;
  }

  /** What of the next text is for the screen. The beginning of a sequence waits for the rest of it. */
  take(text: string): string {
    if (this.#place === "ground" && isPlain(text)) {
      return text;
    }
    let shown = "";
    for (let at = 0; at < text.length;) {
      const [piece, next] = this.#step(text, at);
      shown += piece;
      at = next;
    }
    return shown;
  }

  /** Goes through one stretch; returns what of it is shown, and where the next one begins. */
  #step(text: string, at: number): readonly [shown: string, next: number] {
    switch (this.#place) {
      case "ground": {
        const end = find(introducers, text, at) ?? text.length;
        this.#place = end < text.length ? "held" : "ground";
        return [text.slice(at, end), end];
      }
      case "dropped string":
        return ["", this.#leave(stringEnd, text, at)];
      case "dropped csi":
        return ["", this.#leave(csiEnd, text, at)];
      case "held":
        return [this.#hold(text[at] ?? ""), at + 1];
    }
  }

  /** One more character of a sequence; returns what is shown of it. */
  #hold(character: string): string {
    const begins = this.#held !== "" && /[\x18\x1a\x1b\x80-\x9f]/.test(character);
    const before = begins ? this.#held : ""; // broken off: what did nothing so far does nothing
    this.#held = begins ? character : this.#held + character;
    const decision = decide(this.#held, this.#rights);
    if (decision === "more") {
      return before;
    }
    const shown = decision === "pass" ? this.#held : cancel;
    const isOver = decision === "drop csi" && this.#held.length <= heldLimit;
    this.#held = "";
    this.#place =
      decision === "drop string"
        ? "dropped string"
        : decision === "pass" || isOver
          ? "ground"
          : "dropped csi";
    return before + shown;
  }

  /** Looks for the end of what is left out. Escape ends it and begins something else. */
  #leave(end: RegExp, text: string, at: number): number {
    const found = find(end, text, at);
    if (found === undefined) {
      return text.length;
    }
    const begins = /[\x1b\x90\x9b\x9d]/.test(text[found] ?? "");
    this.#place = begins ? "held" : "ground";
    return begins ? found : found + 1;
  }
}

/** Whether nothing in it begins a sequence. Each of these searches is ten times as fast as one for {@link introducers}. */
function isPlain(text: string): boolean {
  return !["\x1b", "\x90", "\x9b", "\x9d"].some((character) => text.includes(character));
}

function find(what: RegExp, text: string, at: number): number | undefined {
  what.lastIndex = at;
  return what.exec(text)?.index;
}

function decide(held: string, rights: ScreenRights): Decision {
  const plain = held
    .replace(passing, "")
    .replace("\x90", "\x1bP")
    .replace("\x9b", "\x1b[")
    .replace("\x9d", "\x1b]");
  switch (plain.slice(0, 2)) {
    case "\x1b":
      return held.length > heldLimit ? "drop string" : "more";
    case "\x1b]":
      return decideString(plain.slice(2), held.length, rights);
    case "\x1b[":
      return rights.mayAsk ? "pass" : decideCsi(plain.slice(2), held.length);
    case "\x1bP":
      return rights.mayAsk ? "pass" : decideRequest(plain.slice(2), held.length);
    default:
      return "pass";
  }
}

/** `OSC number ; …`: the clipboard, and the screen's colours. */
function decideString(text: string, length: number, { mayWriteClipboard, mayAsk }: ScreenRights): Decision {
  const number = /^0*(\d*)(?=\D)/.exec(text)?.[1];
  if (number === undefined) {
    return length > heldLimit ? "drop string" : "more";
  }
  if (number !== "52") {
    return !mayAsk && colours.test(number) ? "drop string" : "pass";
  }
  if (!mayWriteClipboard) {
    return "drop string";
  }
  const value = /;[^;]*;(.)/s.exec(text)?.[1];
  if (value === undefined && !text.endsWith("\x07")) {
    return length > heldLimit ? "drop string" : "more";
  }
  return value === "?" ? "drop string" : "pass";
}

/** Who the screen is, where its cursor stands, how large it is, which modes it has. */
const questions = /^(?:[>=]?[\d;:]*c|\??[\d;:]*n|\??[\d;:]*\$p|[\d;:]*t|>[\d;:]*q|\?[\d;:]*u)$/;

function decideCsi(text: string, length: number): Decision {
  if (/^[\x20-\x3f]*$/.test(text)) {
    return length > heldLimit ? "drop csi" : "more";
  }
  return questions.test(text) ? "drop csi" : "pass";
}

/** `DCS … $ q` and `DCS … + q` ask for settings and abilities. */
function decideRequest(text: string, length: number): Decision {
  if (/^[\x20-\x3f]*$/.test(text)) {
    return length > heldLimit ? "drop string" : "more";
  }
  return /^[\x20-\x3f]*[$+]q/.test(text) ? "drop string" : "pass";
}
