import * as l10n from "@vscode/l10n";
import { isAbort } from "../base/abort.js";
import { messageOf } from "../base/errors.js";
import type { Execution, ExecutionEvent, ScreenSize } from "./carriers/execution.js";
import { LineEditor, type LineEvent } from "./screen/lineEditor.js";
import { RunPrinter } from "./screen/runPrinter.js";
import { footLine, headLine, type RunOutcome } from "./screen/runScreen.js";

/** A program that ends on an interrupt has ended by then, in milliseconds. */
const stopHintMs = 3000;

/** What is said when a program could not be ended by force. */
const killWords = (reason: string): string => l10n.t("kill failed: {0}", reason);

/** What one run works with. */
export interface FileRunOptions {
  /** What runs, as a person would type it. */
  readonly commandLine: string;
  /** Where it runs, for the head line: session and server. */
  readonly where: string;
  /** Whether its terminal ends with it, so that Enter does not run it again. */
  readonly isLast?: boolean;
  /** Puts the files into the session, says what takes a while or went another way, and tells what runs them. */
  readonly prepare: (signal: AbortSignal, say: (text: string) => void) => Promise<Execution>;
  /** Writes to the terminal. */
  readonly print: (text: string) => void;
  /** An error in words. */
  readonly describe: (error: unknown) => string;
  /** Told of each event, in order; the next one waits for it. */
  readonly onEvent?: (event: ExecutionEvent) => Promise<void> | void;
  /** Told what the run is about when that changes. */
  readonly onState?: (state: RunState) => void;
}

/**
 * What a run is about: waiting its turn, running, waiting for a line or for a password, without a connection, or not minding an
 * interrupt.
 */
export type RunState = "queued" | "running" | "asking" | "askingSecret" | "away" | "stubborn";

/** One run of one file: send, build, run, answer, stop, and the words around it. */
export class FileRun {
  readonly #options: FileRunOptions;
  readonly #editor: LineEditor;
  readonly #printer: RunPrinter;
  readonly #abort = new AbortController();
  #execution: Execution | undefined;
  #hasBegun = false;
  #isLeft = false;
  #isAbandoned = false;
  #isOver = false;
  #stops = 0;
  /** Whether the program may have ended without a word. */
  #mayBeOver = false;
  #hint: NodeJS.Timeout | undefined;

  constructor(options: FileRunOptions) {
    this.#options = options;
    this.#printer = new RunPrinter(options.print);
    this.#editor = new LineEditor((text) => this.#printer.print(text));
  }

  /** The line that the program printed last, such as its question. */
  get lastLine(): string {
    return this.#printer.lastLine;
  }

  /** Whether a stop has been asked for. */
  get isStopping(): boolean {
    return this.#stops > 0;
  }

  /** The job that runs, where it is one that other windows can find. */
  get jobId(): string | undefined {
    return this.#hasBegun ? this.#execution?.jobId : undefined;
  }

  /** Runs to the end; never rejects: what went wrong is an outcome and is printed. */
  async start(): Promise<RunOutcome> {
    const startedAt = performance.now();
    const { commandLine, where, isLast } = this.#options;
    this.#printer.print(headLine(commandLine, where));
    const outcome = await this.#execute().catch((error: unknown) => this.#failure(error));
    this.#isOver = true;
    clearTimeout(this.#hint);
    this.#editor.reset();
    this.#options.print(
      footLine(outcome, performance.now() - startedAt, { atLineStart: this.#printer.atLineStart, isLast }),
    );
    return outcome;
  }

  /** Keys from the terminal. */
  input(data: string): void {
    if (this.#hasBegun && this.#execution?.input === "keys") {
      this.#send(data);
    } else {
      this.#handle(this.#editor.feed(data));
    }
  }

  /** Gives a program that asks the line it waits for. */
  answer(text: string): void {
    if (this.#isOver) {
      return;
    }
    this.#editor.reset();
    this.#printer.print("\r\n");
    this.#line(text);
  }

  /** The terminal has another size. */
  resize(size: ScreenSize): void {
    this.#execution?.resize(size);
  }

  /**
   * Interrupts the program; its output still comes until it has ended. Asked again, stronger means are taken: it is killed, or
   * left alone where the server has no way to. One that is over is left alone: a notification may offer it long after, and servers
   * would interrupt whatever runs in the session by then.
   */
  stop(): void {
    if (this.#isOver) {
      return;
    }
    this.#stops += 1;
    if (this.#execution === undefined) {
      this.#abort.abort();
    } else if (this.#stops === 1 && !this.#mayBeOver) {
      this.#printer.print("^C");
      this.#hint = setTimeout(() => {
        this.#printer.remark(l10n.t("it has not ended yet; stop again to end it by force"));
        this.#options.onState?.("stubborn");
      }, stopHintMs);
      this.#try((reason) => l10n.t("stop failed: {0}", reason), this.#execution.interrupt());
    } else {
      this.#try(killWords, this.#execution.kill());
    }
  }

  /** Interrupts the program, and lets go of it: nobody looks any more. Without a connection it is tried again when there is one. */
  abandon(): void {
    if (this.#isOver) {
      return;
    }
    const execution = this.#execution;
    if (execution?.jobId === undefined) {
      this.leave();
    } else {
      this.#stops += 1;
      this.#isAbandoned = true;
      this.#end(execution);
    }
  }

  /** Lets go of the program: one that can live by itself goes on, others are interrupted and waited for a few seconds. */
  leave(): void {
    this.#isLeft = true;
    this.#abort.abort();
    this.#execution?.leave();
  }

  async #execute(): Promise<RunOutcome> {
    const { signal } = this.#abort;
    const execution = await this.#options.prepare(signal, (text) => this.#printer.remark(text));
    signal.throwIfAborted();
    this.#execution = execution;
    this.#options.onState?.("running");
    let buildExitCode: number | undefined;
    for await (const event of execution) {
      if (!this.#hasBegun && event.type !== "queued") {
        this.#hasBegun = true;
        await this.#listen(execution);
      }
      await this.#take(event);
      if (event.type === "buildFinished") {
        buildExitCode = event.exitCode;
      } else if (event.type === "finished") {
        return this.#outcome(event.exitCode, buildExitCode);
      } else if (event.type === "timedOut") {
        return { kind: "timedOut" };
      }
    }
    return this.isStopping
      ? { kind: "stopped", exitCode: undefined }
      : { kind: "failed", summary: l10n.t("The server ended the run without an exit code.") };
  }

  #end(execution: Execution): void {
    this.#try(
      killWords,
      execution.interrupt().then(() => execution.kill()),
    );
  }

  #outcome(exitCode: number | undefined, buildExitCode: number | undefined): RunOutcome {
    if (this.isStopping) {
      return { kind: "stopped", exitCode };
    }
    return buildExitCode ? { kind: "buildFailed", exitCode: buildExitCode } : { kind: "finished", exitCode };
  }

  #failure(error: unknown): RunOutcome {
    if (!isAbort(error)) {
      return { kind: "failed", summary: this.#options.describe(error) };
    }
    if (this.#execution === undefined || (this.jobId === undefined && !this.#hasBegun)) {
      return { kind: "stopped", exitCode: undefined };
    }
    return { kind: this.#isLeft && this.jobId !== undefined ? "left" : "abandoned" };
  }

  /** What was typed before the program could take it, goes to it now. */
  async #listen({ input }: Execution): Promise<void> {
    if (input === "keys") {
      const ahead = this.#editor.takeAhead();
      if (ahead !== "") {
        this.#send(ahead);
      }
    } else if (input === "lines") {
      await this.#editor.load();
      this.#handle(this.#editor.begin(false));
    }
  }

  async #take(event: ExecutionEvent): Promise<void> {
    if (event.type === "inputRequested") {
      await this.#editor.load();
    }
    this.#printer.show(event);
    await this.#options.onEvent?.(event);
    this.#mayBeOver = event.type === "maybeLost";
    const state = stateAfter(event);
    if (state !== undefined) {
      this.#options.onState?.(state);
    }
    if (event.type === "inputRequested") {
      this.#handle(this.#editor.begin(event.isPassword));
    } else if (event.type === "connectionBack" && this.#isAbandoned && this.#execution !== undefined) {
      this.#end(this.#execution);
    }
  }

  #handle(events: readonly LineEvent[]): void {
    for (const event of events) {
      if (event.type === "interrupt") {
        this.stop();
      } else {
        this.#line(event.text);
      }
    }
  }

  #line(text: string): void {
    this.#options.onState?.("running");
    this.#send(text);
    if (this.#execution?.input === "lines") {
      this.#handle(this.#editor.begin(false));
    }
  }

  #send(text: string): void {
    if (this.#execution !== undefined) {
      this.#try((reason) => l10n.t("input failed: {0}", reason), this.#execution.send(text));
    }
  }

  #try(words: (reason: string) => string, attempt: Promise<unknown>): void {
    attempt.catch((error: unknown) => this.#printer.remark(words(messageOf(error))));
  }
}

function stateAfter(event: ExecutionEvent): RunState | undefined {
  switch (event.type) {
    case "queued":
      return "queued";
    case "inputRequested":
      return event.isPassword ? "askingSecret" : "asking";
    case "connectionLost":
      return "away";
    case "connectionBack":
      return "running";
    default:
      return undefined;
  }
}
