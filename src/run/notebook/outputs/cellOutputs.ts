import { delay } from "../../../base/abort.js";
import type { CellError, CellOutput, CellScreen, TextStream } from "./cellOutput.js";
import { OutputTail } from "./outputTail.js";

/** Outputs that may still come when the beginning is full, each with a tail of its own before it. */
const lateOutputs = 20;

/** A tail is written whole each time, so it is written that many times more seldom. */
const tailPauses = 5;

/** How much of a cell is kept. */
export interface OutputLimits {
  /** Characters from the beginning of its text. */
  readonly headChars: number;
  /** Characters of the newest text, once the beginning is full. */
  readonly tailChars: number;
  /** Bytes of pictures and pages. */
  readonly dataBytes: number;
  /** Outputs: the text of one stream until something else comes, a picture, a page. */
  readonly outputs: number;
  /** Milliseconds from one writing to the next. */
  readonly pauseMs: number;
}

const usualLimits: OutputLimits = {
  headChars: 1_000_000,
  tailChars: 100_000,
  dataBytes: 16_000_000,
  outputs: 500,
  pauseMs: 100,
};

type Step =
  | { readonly kind: "append"; output: CellOutput }
  | { readonly kind: "extend"; text: string }
  | { readonly kind: "tail"; readonly tail: OutputTail };

/**
 * The outputs of one run of a cell on their way to the screen. They are gathered and written a few times a second, since each
 * writing costs VS Code the whole output again. What is kept has a bound: the beginning, then the newest text, with a note between.
 */
export class CellOutputs {
  readonly #screen: CellScreen;
  readonly #limits: OutputLimits;
  #headRoom: number;
  #dataRoom: number;
  #outputRoom: number;
  /** What the newest output is, as far as text can still be added to it. */
  #open: TextStream | OutputTail | undefined;
  #pending: Step[] = [];
  #shownTail: OutputTail | undefined;
  #writing: Promise<void> | undefined;
  readonly #ending = new AbortController();

  constructor(screen: CellScreen, limits: Partial<OutputLimits> = {}) {
    this.#screen = screen;
    this.#limits = { ...usualLimits, ...limits };
    this.#headRoom = this.#limits.headChars;
    this.#dataRoom = this.#limits.dataBytes;
    this.#outputRoom = this.#limits.outputs;
  }

  /** Text of a stream; it joins the output before when that is of the same stream. */
  text(stream: TextStream, text: string): void {
    const needsOutput = this.#open !== stream;
    const isFull = this.#open instanceof OutputTail || (needsOutput && this.#outputRoom <= 0);
    const kept = isFull ? "" : text.slice(0, roomIn(text, this.#headRoom));
    if (kept !== "") {
      this.#headRoom -= kept.length;
      this.#addText(stream, kept);
    }
    if (kept.length < text.length) {
      this.#headRoom = 0;
      this.#outputRoom = Math.min(this.#outputRoom, lateOutputs);
      this.#tail().addText(text.slice(kept.length));
    }
  }

  /** A picture or a page. */
  data(mimeType: string, data: Uint8Array): void {
    if (data.byteLength > this.#dataRoom || this.#outputRoom <= 0) {
      this.#tail().addPicture();
      return;
    }
    this.#dataRoom -= data.byteLength;
    this.#append({ kind: "data", mimeType, data });
  }

  /** An error; it is shown whatever else was left out. */
  error(error: CellError): void {
    this.#append({ kind: "error", error });
  }

  /** Resolves when everything is written. Nothing may be added afterwards. */
  async finish(): Promise<void> {
    this.#ending.abort();
    await this.#writing;
  }

  #addText(stream: TextStream, text: string): void {
    const last = this.#pending.at(-1);
    if (this.#open !== stream) {
      this.#append({ kind: "text", stream, text });
      this.#open = stream;
    } else if (last?.kind === "extend") {
      last.text += text;
    } else if (last?.kind === "append" && last.output.kind === "text") {
      last.output = { ...last.output, text: last.output.text + text };
    } else {
      this.#put({ kind: "extend", text });
    }
  }

  #append(output: CellOutput): void {
    this.#outputRoom -= 1;
    this.#open = undefined;
    this.#put({ kind: "append", output });
  }

  /** The tail that is open, else a new one. It is written with what it holds by then. */
  #tail(): OutputTail {
    if (!(this.#open instanceof OutputTail)) {
      this.#outputRoom -= 1;
      this.#open = new OutputTail(this.#limits.tailChars);
    }
    const last = this.#pending.at(-1);
    if (last?.kind !== "tail" || last.tail !== this.#open) {
      this.#put({ kind: "tail", tail: this.#open });
    }
    return this.#open;
  }

  #put(step: Step): void {
    this.#pending.push(step);
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    await Promise.resolve(); // what is added in one go is written in one go
    while (this.#pending.length > 0) {
      const steps = this.#pending;
      this.#pending = [];
      for (const step of steps) {
        await this.#show(step);
      }
      const pauses = this.#open instanceof OutputTail ? tailPauses : 1;
      await delay(pauses * this.#limits.pauseMs, this.#ending.signal).catch(() => undefined);
    }
    this.#writing = undefined;
  }

  async #show(step: Step): Promise<void> {
    if (step.kind === "append") {
      await this.#screen.append(step.output);
    } else if (step.kind === "extend") {
      await this.#screen.extend(step.text);
    } else if (step.tail === this.#shownTail) {
      await this.#screen.replace(String(step.tail));
    } else {
      this.#shownTail = step.tail;
      await this.#screen.append({ kind: "text", stream: "stdout", text: String(step.tail) });
    }
  }
}

/** How much of `text` fits: no character is cut in two. */
function roomIn(text: string, room: number): number {
  const unit = text.charCodeAt(room - 1);
  return room < text.length && unit >= 0xd800 && unit <= 0xdbff ? room - 1 : room;
}
