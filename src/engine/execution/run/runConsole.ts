import type { ConsoleItem, InputOptions, RunStatus } from "../contract.js";
import type { FlowGate } from "./flowGate.js";

/** Held output above this many characters makes the program wait. */
export const heldLimitChars = 16 * 1024 * 1024;
/**
 * One step hands out about this many characters at most; the rest is for the next one, at once. Clients hold what a step hands
 * out several times over: parsed, as text, as bytes.
 */
const stepLimitChars = 64 * 1024;

/** What ends a step other than time. */
export interface Notice {
  readonly status: Exclude<RunStatus, "continued">;
  readonly exitCode: number | null;
  readonly options: InputOptions | null;
}

/** What one step hands out: the output up to the next notice. */
export interface Taken {
  readonly console: ConsoleItem[];
  readonly notice: Notice | undefined;
}

interface TextEntry {
  readonly kind: "text";
  readonly stream: "stdout" | "stderr";
  readonly parts: string[];
  size: number;
}
type Entry =
  | TextEntry
  | { readonly kind: "item"; readonly item: ConsoleItem; readonly size: number }
  | { readonly kind: "notice"; readonly notice: Notice };

/** The output of one run, in order, until a client takes it. Nothing is dropped: a full console closes the flow gate. */
export class RunConsole {
  readonly #entries: Entry[] = [];
  readonly #flow: FlowGate;
  #held = 0;
  #limit = heldLimitChars;
  #notices = 0;

  constructor(flow: FlowGate) {
    this.#flow = flow;
  }

  /** Whether a step has a reason to return before its time. */
  get isReady(): boolean {
    return this.#notices > 0 || this.#held >= stepLimitChars;
  }

  text(stream: "stdout" | "stderr", text: string): void {
    if (text === "") {
      return;
    }
    const last = this.#entries.at(-1);
    if (last?.kind === "text" && last.stream === stream && last.size < stepLimitChars) {
      last.parts.push(text);
      last.size += text.length;
    } else {
      this.#entries.push({ kind: "text", stream, parts: [text], size: text.length });
    }
    this.#grow(text.length);
  }

  item(item: ConsoleItem): void {
    const size = item[0] === "media" ? item[1][1].length : item[1].length;
    this.#entries.push({ kind: "item", item, size });
    this.#grow(size);
  }

  notice(notice: Notice): void {
    this.#entries.push({ kind: "notice", notice });
    this.#notices += 1;
  }

  /** Lets the program print its last words though nobody has taken what came before: it was interrupted. */
  extendLimit(): void {
    this.#limit = this.#held + heldLimitChars;
    this.#flow.open();
  }

  take(): Taken {
    const console: ConsoleItem[] = [];
    let size = 0;
    let notice: Notice | undefined;
    while (notice === undefined && size < stepLimitChars) {
      const entry = this.#entries.shift();
      if (entry === undefined) {
        break;
      }
      if (entry.kind === "notice") {
        notice = entry.notice;
        this.#notices -= 1;
      } else {
        size += entry.size;
        append(console, entry.kind === "text" ? [entry.stream, entry.parts.join("")] : entry.item);
      }
    }
    this.#shrink(size);
    return { console, notice };
  }

  #grow(size: number): void {
    this.#held += size;
    if (this.#held > this.#limit && !this.#flow.isClosed) {
      this.#flow.close();
    }
  }

  #shrink(size: number): void {
    this.#held -= size;
    if (this.#flow.isClosed && this.#held <= this.#limit / 2) {
      this.#flow.open();
    }
  }
}

/** Adds an item, joined with the one before when both are text of one stream. */
function append(console: ConsoleItem[], item: ConsoleItem): void {
  const last = console.at(-1);
  if (
    last !== undefined &&
    last[0] !== "media" &&
    item[0] === last[0] &&
    (item[0] === "stdout" || item[0] === "stderr")
  ) {
    last[1] += item[1];
  } else {
    console.push(item);
  }
}
