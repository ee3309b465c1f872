import * as l10n from "@vscode/l10n";
import type { BackendAIClient, Run, RunEvent, SessionSummary } from "../../api/index.js";
import { isAbort } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import { LineEditor, type LineEvent } from "../screen/lineEditor.js";
import type { RunPrinter } from "../screen/runPrinter.js";
import { clean, hasRaised, headText, type QueryOutcome, queryWords } from "./queryScreen.js";
import { isSessionOver } from "./sessionOver.js";

/** A piece of code to run. */
export interface QueryPiece {
  readonly code: string;
  /** Where it stands, for people, such as `plot.py:12`. */
  readonly origin: string;
  /** The document that it stands in, and its first line there, counted from 0. */
  readonly uri: string;
  readonly line: number;
}

/** Which run an event belongs to. */
export interface QueryRunInfo extends QueryPiece {
  readonly session: SessionSummary;
  /** Counts the runs of a session since its last reset, from 1. */
  readonly number: number;
}

/** What a program waits for. */
export interface QueryQuestion {
  /** Where the code that asks stands, such as `plot.py:12`. */
  readonly origin: string;
  /** The line that it printed, which may be empty. */
  readonly prompt: string;
  readonly isPassword: boolean;
}

/** What a run works with. */
export interface QueryRunOptions {
  readonly client: BackendAIClient;
  readonly info: QueryRunInfo;
  readonly printer: RunPrinter;
  /** An error in words. */
  readonly describe: (error: unknown) => string;
  /** Told when the program begins to wait for a line, and when it has one. */
  readonly onQuestion: () => void;
  readonly onEvent?: ((run: QueryRunInfo, event: RunEvent) => void) | undefined;
}

/** A program that ends on an interrupt has ended by then, in milliseconds. */
const hintMs = 3000;
/** What is kept of the end of a run's output, in characters. */
const tailLimit = 4000;

/** One run of one piece of code: its output, what it asks, and how it ended. */
export class QueryRun {
  readonly #options: QueryRunOptions;
  readonly #editor: LineEditor;
  readonly #abort = new AbortController();
  readonly #run: Run;
  #isStopping = false;
  #hint: NodeJS.Timeout | undefined;
  #question: QueryQuestion | undefined;
  #stdoutTail = "";
  #stderrTail = "";

  constructor(options: QueryRunOptions) {
    const { client, info, printer } = options;
    this.#options = options;
    this.#editor = new LineEditor((text) => printer.print(text));
    this.#run = client.runs.query(info.session.id, info.code, { signal: this.#abort.signal });
  }

  /** What the program waits for. */
  get question(): QueryQuestion | undefined {
    return this.#question;
  }

  /** Whether the program wrote to stderr. */
  get hasErrors(): boolean {
    return this.#stderrTail !== "";
  }

  /** Runs to the end; rejects with what went wrong on the way to the program, never because of the program. */
  async start(): Promise<QueryOutcome> {
    const { info, printer } = this.#options;
    printer.startLine();
    printer.print(headText(info.number, info.code, info.origin));
    try {
      return await this.#follow();
    } catch (error) {
      return await this.#failure(error);
    } finally {
      clearTimeout(this.#hint);
      this.#question = undefined;
      printer.startLine();
    }
  }

  /** Keys from the terminal. */
  input(data: string): void {
    this.#handle(this.#editor.feed(data));
  }

  /** Answers the question from elsewhere than the terminal, which then shows it. */
  answer(text: string): void {
    if (this.#question !== undefined) {
      this.#options.printer.print(`${this.#question.isPassword ? "" : clean(text)}\r\n`);
      this.#editor.reset();
      this.#give(text);
    }
  }

  /** Interrupts the program; its output still comes until it has ended. Asked again, it leaves the program alone. */
  interrupt(): void {
    if (this.#isStopping) {
      this.abandon();
      return;
    }
    const { printer } = this.#options;
    this.#isStopping = true;
    printer.print("^C");
    this.#hint = setTimeout(
      () => printer.remark(l10n.t("it has not ended yet; interrupt again to leave it alone")),
      hintMs,
    );
    this.#run
      .interrupt()
      .catch((error: unknown) => printer.remark(l10n.t("interrupt failed: {0}", messageOf(error))));
  }

  /** Interrupts the program, waits a few seconds for its end, and lets go of it in any case. */
  abandon(): void {
    this.#abort.abort();
  }

  async #follow(): Promise<QueryOutcome> {
    const { client, info, onEvent } = this.#options;
    for await (const event of this.#run) {
      onEvent?.(info, event);
      await this.#show(event);
      if (event.type === "timedOut") {
        return {
          kind: "failed",
          summary: l10n.t("The server's time limit for a run was reached."),
          isOver: true,
        };
      }
      if (event.type === "finished" && !this.#isStopping) {
        return hasRaised(event, this.#stderrTail, client.dialect.manager)
          ? { kind: "raised", exitCode: event.exitCode }
          : { kind: "done" };
      }
    }
    return { kind: "interrupted" };
  }

  async #failure(error: unknown): Promise<QueryOutcome> {
    if (isAbort(error)) {
      return { kind: "abandoned" };
    }
    const words = queryWords(error);
    if (words !== undefined) {
      return { kind: "failed", summary: words, isOver: false };
    }
    const { client, info, describe } = this.#options;
    const summary = (await isSessionOver(client, info.session.id))
      ? l10n.t(
          "Session {0} has ended, and its variables with it. Run again to choose another.",
          info.session.name,
        )
      : describe(error);
    return { kind: "failed", summary, isOver: true };
  }

  async #show(event: RunEvent): Promise<void> {
    this.#options.printer.show(event);
    if (event.type === "inputRequested") {
      await this.#editor.load();
      const prompt = clean(this.#stdoutTail.split("\n").at(-1) ?? "").trim();
      const { origin } = this.#options.info;
      this.#question = { origin, prompt, isPassword: event.isPassword };
      this.#options.onQuestion();
      this.#handle(this.#editor.begin(event.isPassword));
    } else if (event.type === "output") {
      const text = event.text.slice(-tailLimit);
      if (event.stream === "stderr") {
        this.#stderrTail = (this.#stderrTail + text).slice(-tailLimit);
      } else {
        this.#stdoutTail = (this.#stdoutTail + text).slice(-tailLimit);
      }
    }
  }

  #handle(events: readonly LineEvent[]): void {
    for (const event of events) {
      if (event.type === "interrupt") {
        this.interrupt();
      } else {
        this.#give(event.text);
      }
    }
  }

  #give(text: string): void {
    this.#question = undefined;
    this.#stdoutTail = "";
    this.#options.onQuestion();
    this.#run
      .answer(text)
      .catch((error: unknown) => this.#options.printer.remark(l10n.t("input failed: {0}", messageOf(error))));
  }
}
