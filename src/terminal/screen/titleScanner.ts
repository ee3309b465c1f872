import { plainText } from "./words.js";

/** Longest title taken, in characters; the tab shows less. */
const titleLimit = 200;

/** A title with no end in sight is none, in characters. */
const pendingLimit = 1024;

/** `OSC 0 ; title` and `OSC 2 ; title`, ended by BEL or by ESC \. */
const title = /\x1b\](?:0|2);([^\x07\x1b]*)(?:\x07|\x1b\\)/g;

/** Finds the window titles that shells and programs set, also where pieces of output split them. */
export class TitleScanner {
  #pending = "";

  /** The last title that the next text completes. */
  take(text: string): string | undefined {
    if (this.#pending === "" && !text.includes("\x1b]")) {
      this.#pending = text.endsWith("\x1b") ? "\x1b" : "";
      return undefined;
    }
    const all = this.#pending + text;
    let found: string | undefined;
    let end = 0;
    for (const match of all.matchAll(title)) {
      found = match[1] && plainText(match[1]).slice(0, titleLimit);
      end = match.index + match[0].length;
    }
    const start = all.lastIndexOf("\x1b]");
    const rest = start >= end ? all.slice(start) : "";
    this.#pending = rest !== "" && rest.length <= pendingLimit ? rest : all.endsWith("\x1b") ? "\x1b" : "";
    return found;
  }
}
