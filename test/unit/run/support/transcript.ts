import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { ScreenFeed } from "../../../../src/run/screen/screenFeed.js";
import { HeadlessScreen } from "../../terminal/support/headlessScreen.js";

/** Where transcripts are kept. */
export const transcriptsRoot = path.resolve(import.meta.dirname, "../transcripts");

/** Writes down what a run's terminal gets and shows. */
export class TranscriptRecorder {
  readonly #screen: HeadlessScreen;
  readonly #feed: ScreenFeed;
  #raw = "";

  constructor(cols = 80) {
    this.#screen = new HeadlessScreen({ rows: 24, cols });
    this.#feed = new ScreenFeed(
      (text) => this.#screen.write(text),
      (count) => `[${count}]`,
    );
    this.#screen.input = (data) => void this.#feed.input(data);
    this.#feed.open();
  }

  print(text: string): void {
    this.#raw += text;
    this.#feed.push(text);
  }

  /** What was written, and what stands on the screen, without what differs from run to run. */
  async end(): Promise<string> {
    await this.#feed.drawn();
    await new Promise<void>((resolve) => this.#screen.terminal.write("", resolve));
    const shown = this.#screen.history().join("\n").trimEnd();
    return `--- shown ---\n${steady(shown)}\n--- written ---\n${visible(steady(this.#raw))}`;
  }
}

/** Without durations, places of this computer, and the seams between pieces of output. */
function steady(text: string): string {
  return text
    .replaceAll(/· (\d+\.\d s|\d+ min \d+ s) ·/g, "· 0.0 s ·")
    .replaceAll(/[^\s"]*\/work\//g, "~/")
    .replaceAll("\x1b[39m\x1b[31m", "") // one red piece or two
    .replaceAll("\r\r\n", "\r\n"); // a piece that ended between the two
}

const names: Readonly<Record<string, string>> = {
  "\x1b": "\\e",
  "\r": "\\r",
  "\n": "\\n\n",
  "\b": "\\b",
  "\x07": "\\a",
};

function visible(text: string): string {
  return text.replaceAll(/[\x1b\r\n\x08\x07]/g, (character) => names[character] ?? character);
}

/** Compares with the file of that name; with `UPDATE_GOLDENS=1` it is written instead. */
export async function compareTranscript(name: string, text: string): Promise<void> {
  const file = path.join(transcriptsRoot, `${name}.txt`);
  if (process.env["UPDATE_GOLDENS"] === "1") {
    await mkdir(transcriptsRoot, { recursive: true });
    await writeFile(file, text);
    return;
  }
  assert.ok(existsSync(file), `${name}.txt is missing; UPDATE_GOLDENS=1 writes it`);
  assert.equal(text, await readFile(file, "utf8"));
}
