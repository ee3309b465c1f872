import * as l10n from "@vscode/l10n";
import type { BackendAIClient, RunEvent, SessionSummary } from "../../api/index.js";
import { isAbort } from "../../base/abort.js";
import { ConfigurationError } from "../../base/errors.js";
import { RunPrinter } from "../screen/runPrinter.js";
import { type QueryPiece, type QueryQuestion, QueryRun, type QueryRunInfo } from "./queryRun.js";
import { endText, resetText } from "./queryScreen.js";

/** What a console does. */
export interface QueryState {
  readonly phase: "idle" | "running" | "resetting";
  /** Pieces that wait. */
  readonly queued: number;
  readonly question: QueryQuestion | undefined;
}

/** What a console works with. */
export interface QueryConsoleOptions {
  readonly client: BackendAIClient;
  readonly session: SessionSummary;
  /** Writes to the terminal. */
  readonly print: (text: string) => void;
  /** An error in words. */
  readonly describe: (error: unknown) => string;
  readonly onState: (state: QueryState) => void;
  /** Told that the server failed, so that the session may be gone. */
  readonly onFailed?: (() => void) | undefined;
  /** Told everything that runs report. */
  readonly onEvent?: ((run: QueryRunInfo, event: RunEvent) => void) | undefined;
}

/** Pieces that may wait; a document of more cells than that is run in parts. */
const queueLimit = 1000;

/** How long a program may take to end for a reset, in milliseconds. */
const resetPatienceMs = 5000;

const resetBatch = Symbol("reset");

interface Job {
  /** Does it; resolves with what becomes of the jobs behind it. */
  readonly run: () => Promise<"goOn" | "dropBatch" | "dropAll">;
  /** What was asked for in one go. */
  readonly batch: symbol;
}

/**
 * The runs of one session, one after the other, and the text around them. What it starts ends with `abandon`. What goes wrong
 * is printed.
 */
export class QueryConsole {
  readonly #options: QueryConsoleOptions;
  readonly #printer: RunPrinter;
  #queue: Job[] = [];
  #working: Promise<void> | undefined;
  #run: QueryRun | undefined;
  #resetting: AbortController | undefined;
  #number = 0;
  #isOver = false;

  constructor(options: QueryConsoleOptions) {
    this.#options = options;
    this.#printer = new RunPrinter(options.print);
  }

  get client(): BackendAIClient {
    return this.#options.client;
  }

  get session(): SessionSummary {
    return this.#options.session;
  }

  get state(): QueryState {
    const phase = this.#resetting ? "resetting" : this.#run ? "running" : "idle";
    return { phase, queued: this.#queue.length, question: this.#run?.question };
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /**
   * Runs pieces after what was asked for before. An error in one drops those after it.
   * @throws {ConfigurationError} when too many would wait.
   */
  submit(pieces: readonly QueryPiece[]): void {
    if (this.#queue.length + pieces.length > queueLimit) {
      throw new ConfigurationError(
        "cells",
        l10n.t("More than {0} cells would wait. Run fewer at once.", queueLimit),
      );
    }
    const batch = Symbol("batch");
    this.#queue.push(...pieces.map((piece) => ({ batch, run: async () => this.#runPiece(piece) })));
    if (this.#working !== undefined) {
      const [first] = pieces;
      this.#printer.remark(
        pieces.length === 1
          ? l10n.t("queued: {0}", first?.origin ?? "")
          : l10n.t("queued: {0} cells", pieces.length),
      );
    }
    this.#work();
  }

  /** Interrupts what runs and drops what waits. Asked again, it leaves a program alone that does not end. */
  interrupt(): void {
    this.#resetting?.abort();
    this.#run?.interrupt();
    this.#drop(() => true, "dropped");
    this.#changed();
  }

  /** Forgets the state of the interpreter, after an interrupt of what runs. A program that does not end then is left alone. */
  reset(): void {
    if (this.#resetting !== undefined || this.#queue.some(({ batch }) => batch === resetBatch)) {
      return;
    }
    this.interrupt();
    const run = this.#run;
    const patience = setTimeout(() => run?.abandon(), resetPatienceMs);
    this.#queue.push({
      batch: resetBatch,
      run: async () => {
        clearTimeout(patience);
        return this.#reset();
      },
    });
    this.#work();
  }

  /** Interrupts what runs, waits a few seconds for its end, and takes nothing more. */
  async abandon(): Promise<void> {
    this.#isOver = true;
    this.#drop(() => true, "dropped");
    this.#resetting?.abort();
    this.#run?.abandon();
    await this.#working;
  }

  /** Keys from the terminal; while nothing runs they have no meaning. */
  input(data: string): void {
    if (data === "\x03") {
      this.interrupt();
    } else {
      this.#run?.input(data);
    }
  }

  /** Answers the question from elsewhere than the terminal, which then shows it. */
  answer(text: string): void {
    this.#run?.answer(text);
  }

  #work(): void {
    this.#working ??= this.#runQueue().finally(() => {
      this.#working = undefined;
      this.#changed();
    });
    this.#changed();
  }

  async #runQueue(): Promise<void> {
    await Promise.resolve(); // so that whoever asked finds it working
    for (let job = this.#queue.shift(); job !== undefined && !this.#isOver; job = this.#queue.shift()) {
      const { batch, run } = job;
      const next = await run();
      if (next !== "goOn") {
        this.#drop((other) => next === "dropAll" || other.batch === batch, "notRun");
      }
    }
  }

  async #runPiece(piece: QueryPiece): ReturnType<Job["run"]> {
    const startedAt = performance.now();
    const { client, session, describe, onEvent } = this.#options;
    const info = { ...piece, session, number: ++this.#number };
    const onQuestion = (): void => this.#changed();
    const run = new QueryRun({ client, info, printer: this.#printer, describe, onQuestion, onEvent });
    this.#run = run;
    this.#changed();
    const outcome = await run.start();
    this.#run = undefined;
    this.#printer.print(endText(outcome, performance.now() - startedAt, run.hasErrors));
    this.#changed();
    if (outcome.kind === "failed" && outcome.isOver) {
      this.#options.onFailed?.();
      return "dropAll";
    }
    return outcome.kind === "done" ? "goOn" : "dropBatch";
  }

  async #reset(): ReturnType<Job["run"]> {
    const startedAt = performance.now();
    const { client, session, describe } = this.#options;
    this.#resetting = new AbortController();
    this.#changed();
    try {
      const { resetInterpreter } = await import("./resetInterpreter.js"); // read when it is first needed
      await resetInterpreter(client, session.id, this.#resetting.signal);
      this.#number = 0;
      this.#printer.startLine();
      this.#printer.print(resetText(performance.now() - startedAt));
      return "goOn";
    } catch (error) {
      this.#printer.remark(
        isAbort(error) ? l10n.t("reset called off") : l10n.t("reset failed: {0}", describe(error)),
      );
      return "dropAll"; // what was to run on a clean state must not run on the old one
    } finally {
      this.#resetting = undefined;
      this.#changed();
    }
  }

  #drop(isMeant: (job: Job) => boolean, fate: "dropped" | "notRun"): void {
    const kept = this.#queue.filter((job) => !isMeant(job));
    const dropped = this.#queue.length - kept.length;
    this.#queue = kept;
    if (dropped > 0) {
      this.#printer.remark(fateWords(fate, dropped));
    }
  }

  #changed(): void {
    this.#options.onState(this.state);
  }
}

/** What became of cells that waited. */
function fateWords(fate: "dropped" | "notRun", count: number): string {
  if (fate === "dropped") {
    return count === 1 ? l10n.t("1 queued cell dropped") : l10n.t("{0} queued cells dropped", count);
  }
  return count === 1 ? l10n.t("1 queued cell not run") : l10n.t("{0} queued cells not run", count);
}
