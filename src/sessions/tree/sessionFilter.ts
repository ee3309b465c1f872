import type { SessionSummary } from "../../api/index.js";
import { wordOf } from "../sessionTree.js";

/**
 * A filter by text: a session passes when name, image, status, tag, owner or id have every word of it, whatever their case. What a
 * session is searched in is made once, so that a keystroke costs one look at each.
 */
export class SessionFilter {
  readonly text: string;
  readonly #words: readonly string[];

  constructor(text = "") {
    this.text = text.trim();
    this.#words = this.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
  }

  get isActive(): boolean {
    return this.#words.length > 0;
  }

  passes(session: SessionSummary): boolean {
    return !this.isActive || this.#words.every((word) => searched(session).includes(word));
  }
}

const texts = new WeakMap<SessionSummary, string>();

function searched(session: SessionSummary): string {
  let text = texts.get(session);
  if (text === undefined) {
    const { name, image, status, type, tag, ownerEmail, id } = session;
    text = [name, image, status, wordOf(status), type, tag ?? "", ownerEmail ?? "", id]
      .join("\n")
      .toLowerCase();
    texts.set(session, text);
  }
  return text;
}
