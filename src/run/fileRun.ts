import type { BackendAIClient, Run, RunEvent, SessionSummary } from "../api/index.js";
import { isAbort } from "../base/abort.js";
import { messageOf } from "../base/errors.js";
import { LineEditor, type LineEvent } from "./screen/lineEditor.js";
import type { RunPlan } from "./plan/runPlan.js";
import { eventText, footLine, headLine, remark, type RunOutcome } from "./screen/runScreen.js";

/** A program that ends on an interrupt has ended by then, in milliseconds. */
const stopHintMs = 3000;

/** What one run works with. */
export interface FileRunOptions {
  readonly client: BackendAIClient;
  readonly session: SessionSummary;
  readonly plan: RunPlan;
  readonly content: Uint8Array;
  /** Where it runs, for the head line: session and server. */
  readonly where: string;
  /** Writes to the terminal. */
  readonly print: (text: string) => void;
  /** An error in words. */
  readonly describe: (error: unknown) => string;
  /** Told what the run reports, in order. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Told when the program begins to wait for a line, and when it has one. */
  readonly onWaiting?: (waiting: boolean) => void;
}

/** One run of one file: upload, build, run, answer, stop, and the words around it. */
export class FileRun {
  readonly #options: FileRunOptions;
  readonly #editor: LineEditor;
  readonly #abort = new AbortController();
  #run: Run | undefined;
  #stopRequested = false;
  /** Whether the program may have ended without a word. */
  #mayBeOver = false;
  #hint: NodeJS.Timeout | undefined;
  #atLineStart = true;

  constructor(options: FileRunOptions) {
    this.#options = options;
    this.#editor = new LineEditor((text) => this.#print(text));
  }

  /** Whether a stop has been asked for. */
  get isStopping(): boolean {
    return this.#stopRequested;
  }

  /** Runs to the end; never rejects: what went wrong is an outcome and is printed. */
  async start(): Promise<RunOutcome> {
    const startedAt = performance.now();
    const { plan, where } = this.#options;
    this.#print(headLine(plan, where));
    const outcome = await this.#execute().catch((error: unknown) => this.#failure(error));
    clearTimeout(this.#hint);
    this.#editor.reset();
    this.#options.onWaiting?.(false);
    this.#options.print(footLine(outcome, performance.now() - startedAt, this.#atLineStart));
    return outcome;
  }

  /** Keys from the terminal. */
  input(data: string): void {
    this.#handle(this.#editor.feed(data));
  }

  /**
   * Interrupts the program; its output still comes until it has ended. Asked again, it leaves a program alone that does
   * not end.
   */
  stop(): void {
    if (this.#stopRequested || this.#run === undefined || this.#mayBeOver) {
      this.abandon();
      return;
    }
    this.#stopRequested = true;
    this.#print("^C");
    this.#hint = setTimeout(() => {
      this.#print(remark("it has not ended yet; stop again to leave it alone"));
    }, stopHintMs);
    this.#run.interrupt().catch((error: unknown) => this.#print(remark(`stop failed: ${messageOf(error)}`)));
  }

  /** Interrupts the program, waits a few seconds for its end, and lets go of it in any case. */
  abandon(): void {
    this.#stopRequested = true;
    this.#abort.abort();
  }

  async #execute(): Promise<RunOutcome> {
    const { client, session, plan, content } = this.#options;
    const { signal } = this.#abort;
    const files = [{ path: plan.remotePath, content, size: content.byteLength }];
    await client.files.upload(session.id, files, { signal });
    const batch = { clean: null, build: plan.build, exec: plan.exec };
    // Over the websocket output comes every 0.2 s; polled, servers hold it back for 2 s (`protocol.md` §4.2). But only a polled
    // run has an id of ours, without which a session whose run was lost can't be freed.
    const carrier = client.findings.has("batchLoses") ? "poll" : "stream";
    this.#run = client.runs.start(session.id, { mode: "batch", options: batch }, { carrier, signal });
    let buildExitCode: number | undefined;
    for await (const event of this.#run) {
      this.#show(event);
      if (event.type === "buildFinished") {
        buildExitCode = event.exitCode;
      } else if (event.type === "finished") {
        return this.#outcome(event.exitCode, buildExitCode);
      } else if (event.type === "timedOut") {
        return { kind: "timedOut" };
      }
    }
    return this.#stopRequested
      ? { kind: "stopped", exitCode: undefined }
      : { kind: "failed", summary: "The server ended the run without an exit code." };
  }

  #outcome(exitCode: number | undefined, buildExitCode: number | undefined): RunOutcome {
    if (this.#stopRequested) {
      return { kind: "stopped", exitCode };
    }
    return buildExitCode ? { kind: "buildFailed", exitCode: buildExitCode } : { kind: "finished", exitCode };
  }

  #failure(error: unknown): RunOutcome {
    if (!isAbort(error)) {
      return { kind: "failed", summary: this.#options.describe(error) };
    }
    return this.#run === undefined ? { kind: "stopped", exitCode: undefined } : { kind: "abandoned" };
  }

  #show(event: RunEvent): void {
    this.#options.onEvent?.(event);
    this.#print(eventText(event));
    this.#mayBeOver = event.type === "maybeLost";
    if (event.type === "inputRequested") {
      this.#options.onWaiting?.(true);
      this.#handle(this.#editor.begin(event.isPassword));
    }
  }

  #handle(events: readonly LineEvent[]): void {
    for (const event of events) {
      if (event.type === "interrupt") {
        this.stop();
      } else {
        this.#options.onWaiting?.(false);
        this.#run
          ?.answer(event.text)
          .catch((error: unknown) => this.#print(remark(`input failed: ${messageOf(error)}`)));
      }
    }
  }

  #print(text: string): void {
    if (text !== "") {
      this.#atLineStart = text.endsWith("\n") || /\n(\x1b\[\d*m)*$/.test(text);
      this.#options.print(text);
    }
  }
}
