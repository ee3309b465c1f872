import assert from "node:assert/strict";
import type { CellOutput, CellScreen } from "../../../../../src/run/notebook/outputs/cellOutput.js";

/** A screen that keeps what it is told to show. */
export class RecordingScreen implements CellScreen {
  readonly outputs: CellOutput[] = [];
  /** Writings so far. */
  writings = 0;

  append(output: CellOutput): Promise<void> {
    this.writings += 1;
    this.outputs.push(output);
    return Promise.resolve();
  }

  extend(text: string): Promise<void> {
    return this.#change((before) => before + text);
  }

  replace(text: string): Promise<void> {
    return this.#change(() => text);
  }

  /** The outputs in short: `out:…`, `err:…`, the type of a medium, `error:name:message`. */
  get short(): readonly string[] {
    return this.outputs.map((output) => {
      switch (output.kind) {
        case "text":
          return `${output.stream === "stdout" ? "out" : "err"}:${output.text}`;
        case "data":
          return output.mimeType;
        case "error":
          return `error:${output.error.name}:${output.error.message}`;
      }
    });
  }

  #change(change: (before: string) => string): Promise<void> {
    this.writings += 1;
    const last = this.outputs.at(-1);
    assert.ok(last?.kind === "text", "only text can be extended or replaced");
    this.outputs[this.outputs.length - 1] = { ...last, text: change(last.text) };
    return Promise.resolve();
  }
}
