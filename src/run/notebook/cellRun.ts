import * as l10n from "@vscode/l10n";
import type { Run, RunEvent } from "../../api/index.js";
import type { CellOutputs } from "./outputs/cellOutputs.js";
import { ErrorOutput } from "./outputs/errorOutput.js";
import { mediaData } from "./outputs/mediaData.js";

/** Characters of a prompt that are shown with the question. */
const promptChars = 300;

/** Asks a person for a line; `undefined` when the question was closed. It is withdrawn when the signal aborts. */
export type Ask = (
  question: { readonly prompt: string; readonly isPassword: boolean },
  signal: AbortSignal,
) => Promise<string | undefined>;

/** What one run of a cell works with. */
export interface CellRunOptions {
  readonly run: Run;
  readonly outputs: CellOutputs;
  readonly ask: Ask;
  /** Told of answers and interrupts that did not arrive. */
  readonly onError: (error: unknown) => void;
}

/**
 * How a cell ended. `failed`: with an error that is shown. `withdrawn`: it was interrupted before it began. `left`: with an
 * exit code other than 0 and no word about it.
 */
export type CellEnd =
  | { readonly kind: "succeeded" | "failed" | "withdrawn" }
  | { readonly kind: "left"; readonly exitCode: number };

/** One run of one cell: its events as outputs, its questions, its interruption. */
export class CellRun {
  readonly #options: CellRunOptions;
  readonly #errors: ErrorOutput;
  #asking: AbortController | undefined;
  /** The line of standard output that has no end yet: what a question shows as its prompt. */
  #line = "";

  constructor(options: CellRunOptions) {
    this.#options = options;
    this.#errors = new ErrorOutput(options.outputs);
  }

  /** Runs to the end. Rejects as the iteration of a `Run` does. */
  async start(): Promise<CellEnd> {
    try {
      for await (const event of this.#options.run) {
        this.#asking?.abort();
        const end = this.#take(event);
        if (end !== undefined) {
          return end;
        }
      }
      return { kind: "withdrawn" };
    } finally {
      this.#asking?.abort();
      this.#errors.release();
    }
  }

  /** Interrupts the program; its output still comes until it has ended. May be asked again for one that goes on. */
  interrupt(): void {
    this.#asking?.abort();
    this.#options.run.interrupt().catch(this.#options.onError);
  }

  #take(event: RunEvent): CellEnd | undefined {
    const { outputs } = this.#options;
    switch (event.type) {
      case "output":
        this.#text(event.stream, event.text);
        return undefined;
      case "media":
        this.#media(event.mimeType, event.data);
        return undefined;
      case "html":
        outputs.data("text/html", new TextEncoder().encode(event.html));
        return undefined;
      case "inputRequested":
        this.#errors.release();
        void this.#answer(event.isPassword);
        return undefined;
      case "finished":
        return this.#finish(event.exitCode);
      case "timedOut":
        outputs.error({
          name: "Backend.AI",
          message: l10n.t("the server's time limit for a run was reached, so it ends the session."),
          stack: "",
        });
        return { kind: "failed" };
      case "queued":
      case "cleanFinished":
      case "buildFinished":
      case "maybeLost":
        return undefined;
    }
  }

  #text(stream: "stdout" | "stderr" | "log", text: string): void {
    if (stream === "stderr") {
      this.#errors.add(text);
      return;
    }
    this.#errors.release();
    this.#print(text);
  }

  #print(text: string): void {
    this.#line = (this.#line + text).slice(-promptChars).split("\n").at(-1) ?? "";
    this.#options.outputs.text("stdout", text);
  }

  /** Figures are drawn at the end of a run, after the report of an error too: that stays held. */
  #media(mimeType: string, data: string): void {
    const bytes = mediaData(data);
    if (bytes === undefined) {
      this.#print(`[${l10n.t("{0}: the server sent something that can't be shown", mimeType)}]\n`);
    } else {
      this.#options.outputs.data(mimeType, bytes);
    }
  }

  /** As Jupyter does, the answer stays to be read after the prompt. A closed question is an interrupt. */
  async #answer(isPassword: boolean): Promise<void> {
    const { ask, run, onError } = this.#options;
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const text = await ask({ prompt: this.#line.trim(), isPassword }, asking.signal);
      if (asking.signal.aborted) {
        return;
      }
      if (text === undefined) {
        this.interrupt();
        return;
      }
      this.#print(`${isPassword ? "········" : text}\n`);
      await run.answer(text);
    } catch (error) {
      onError(error);
    }
  }

  #finish(exitCode = 0): CellEnd {
    if (this.#errors.end(exitCode)) {
      return { kind: "failed" };
    }
    return exitCode === 0 ? { kind: "succeeded" } : { kind: "left", exitCode };
  }
}
