import * as l10n from "@vscode/l10n";
import type { ExecutionEvent } from "../carriers/execution.js";
import { formatBytes } from "../../base/text.js";
import { mediaItem } from "./mediaItem.js";
import { type ResultItem, sizeOf } from "./resultItem.js";
import type { ResultLimits } from "./resultLimits.js";
import { appendText } from "./textPieces.js";

/** What a run is called on the page. */
export interface RunTitle {
  /** The file, or what else ran. */
  readonly title: string;
  /** Session and server. */
  readonly where: string;
}

/** What one run printed and showed, in order and bounded. Who begins it ends it. */
export class RunResults {
  readonly id: number;
  readonly title: string;
  readonly where: string;
  readonly startedAt: Date;
  readonly #limits: ResultLimits;
  readonly #onDidChange: () => void;
  #items: ResultItem[] = [];
  #size = 0;
  #textSize = 0;
  #lastId = 0;
  #end: string | undefined;
  #isRich = false;
  #dropped = { items: 0, characters: 0 };

  /** @param onDidChange Told after every change. */
  constructor(run: RunTitle & { readonly id: number }, limits: ResultLimits, onDidChange: () => void) {
    this.id = run.id;
    this.title = run.title;
    this.where = run.where;
    this.startedAt = new Date();
    this.#limits = limits;
    this.#onDidChange = onDidChange;
  }

  get items(): readonly ResultItem[] {
    return this.#items;
  }

  /** How it ended, as terminal text; `undefined` while it runs. */
  get ending(): string | undefined {
    return this.#end;
  }

  /** Whether it showed anything but text, which its terminal has. */
  get isRich(): boolean {
    return this.#isRich;
  }

  /** What all items take, in characters. */
  get size(): number {
    return this.#size;
  }

  /** What was dropped at a bound: pictures and the like, and characters of text. */
  get dropped(): { readonly items: number; readonly characters: number } {
    return this.#dropped;
  }

  /** Takes what a run reports; events that show nothing are ignored. */
  add(event: ExecutionEvent): void {
    switch (event.type) {
      case "output":
        this.#addText(event.stream, event.text);
        break;
      case "media":
        this.#addRich(event.mimeType, event.data.length, (id) => mediaItem(id, event));
        break;
      case "html":
        this.#addRich("html", event.html.length, (id) => ({ kind: "html", id, html: event.html }));
        break;
      default:
        return;
    }
    this.#onDidChange();
  }

  /** @param words How it ended, as terminal text, such as `✔ exit code 0`. */
  end(words: string): void {
    this.#end = words;
    this.#onDidChange();
  }

  /** Drops the oldest item, and says whether there was one. */
  dropOldest(): boolean {
    const [oldest] = this.#items;
    if (oldest !== undefined) {
      this.#drop(oldest);
    }
    return oldest !== undefined;
  }

  /** Forgets all items; what comes later is taken as before. */
  clear(): void {
    this.#items = [];
    this.#size = 0;
    this.#textSize = 0;
    this.#isRich = false;
    this.#dropped = { items: 0, characters: 0 };
  }

  #addRich(type: string, size: number, make: (id: number) => ResultItem): void {
    const id = ++this.#lastId;
    const limit = this.#limits.itemCharacters;
    const text = l10n.t(
      "Output of type {0} is too large to be shown: {1}, at most {2}.",
      type.slice(0, 60),
      formatBytes(size),
      formatBytes(limit),
    );
    this.#isRich = true;
    this.#put(size > limit ? { kind: "note", id, text } : make(id));
  }

  #addText(stream: "stdout" | "stderr" | "log", text: string): void {
    const limit = this.#limits.textCharacters;
    this.#dropped.characters += Math.max(0, text.length - limit);
    const last = this.#items.at(-1);
    const kept = { stream, text: text.slice(-limit) };
    for (const item of appendText(last?.kind === "text" ? last : undefined, kept, () => ++this.#lastId)) {
      this.#put(item);
    }
    while (this.#textSize > limit) {
      const oldest = this.#items.find(({ kind }) => kind === "text");
      if (oldest === undefined) {
        break;
      }
      this.#drop(oldest);
    }
  }

  /** Appends an item, or replaces the last one if that is an earlier state of it. */
  #put(item: ResultItem): void {
    const last = this.#items.at(-1);
    if (last?.id === item.id) {
      this.#count(last, -1);
      this.#items[this.#items.length - 1] = item;
    } else {
      this.#items.push(item);
    }
    this.#count(item, 1);
    if (this.#items.length > this.#limits.items) {
      this.dropOldest();
    }
  }

  #drop(item: ResultItem): void {
    this.#items.splice(this.#items.indexOf(item), 1);
    this.#count(item, -1);
    const { items, characters } = this.#dropped;
    this.#dropped =
      item.kind === "text"
        ? { items, characters: characters + item.text.length }
        : { items: items + 1, characters };
  }

  #count(item: ResultItem, sign: 1 | -1): void {
    const size = sizeOf(item);
    this.#size += sign * size;
    this.#textSize += item.kind === "text" ? sign * size : 0;
  }
}
