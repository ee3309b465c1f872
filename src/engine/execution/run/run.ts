import { abortable } from "../../../base/abort.js";
import { Emitter, type Event } from "../../../base/event.js";
import type { ContainerLog } from "../containerLog.js";
import type { ConsoleItem, InputOptions, RunResult } from "../contract.js";
import { FlowGate } from "./flowGate.js";
import { type Notice, RunConsole } from "./runConsole.js";

/**
 * One run: its producing end is for the executors (`text`, `item`, `stepFinished`, `ask`, `finish`), its consuming end for
 * the HTTP steps (`next`, `answer`). It outlives its processes until a client has fetched the end.
 */
export class Run {
  readonly flow = new FlowGate();
  readonly #console = new RunConsole(this.flow);
  readonly #interrupts = new Emitter<number>();
  readonly #changes = new Emitter<void>();
  #interruptCount = 0;
  #question: ((text: string | undefined) => void) | undefined;
  #isFinished = false;
  #isFetched = false;
  #isAborted = false;

  constructor(
    readonly id: string,
    readonly exceptionExitCode: 0 | 1,
    readonly log: ContainerLog,
  ) {}

  /** Fires with how many interrupts there have been. */
  readonly onDidInterrupt: Event<number> = this.#interrupts.event;

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Whether a client has got the `finished`. */
  get isFetched(): boolean {
    return this.#isFetched;
  }

  /** How often the run was interrupted, also while its process was still starting. */
  get interruptCount(): number {
    return this.#interruptCount;
  }

  /** Whether the run was interrupted or ended by the session: no further step is to start. */
  get isStopping(): boolean {
    return this.#isAborted || this.#interruptCount > 0;
  }

  get isWaitingForInput(): boolean {
    return this.#question !== undefined;
  }

  /** What a background process prints after the end is in the container log only. */
  text(stream: "stdout" | "stderr", text: string): void {
    this.log.append(text);
    if (!this.#isFinished) {
      this.#console.text(stream, text);
      this.#changed();
    }
  }

  item(item: ConsoleItem): void {
    if (!this.#isFinished) {
      this.#console.item(item);
      this.#changed();
    }
  }

  stepFinished(status: "clean-finished" | "build-finished", exitCode: number): void {
    this.#notice({ status, exitCode, options: null });
  }

  /** Ends the run; later output and notices are ignored. */
  finish(exitCode: number): void {
    this.#end({ status: "finished", exitCode, options: null });
  }

  /** Ends the run because it took too long. */
  timeOut(): void {
    this.#isAborted = true;
    this.#end({ status: "exec-timeout", exitCode: null, options: null });
  }

  /** Asks the person; resolves to the line, or `undefined` when the run is interrupted or ends. */
  ask(options: InputOptions): Promise<string | undefined> {
    this.#question?.(undefined);
    return new Promise((resolve) => {
      this.#question = resolve;
      this.#notice({ status: "waiting-input", exitCode: null, options });
    });
  }

  /** Answers the question, if there is one. */
  answer(text: string | undefined): void {
    const question = this.#question;
    this.#question = undefined;
    question?.(text);
  }

  interrupt(): void {
    this.#interruptCount += 1;
    this.#console.extendLimit();
    this.#interrupts.fire(this.#interruptCount);
  }

  /** The session ends: what is running dies, what would follow does not start. */
  abort(): void {
    this.#isAborted = true;
    this.#console.extendLimit();
    this.answer(undefined);
  }

  /** One HTTP step: returns at a notice, when much is held, or after `flushMs` with `continued`. */
  async next(flushMs: number, signal?: AbortSignal): Promise<RunResult> {
    await this.#ready(flushMs, signal);
    signal?.throwIfAborted();
    const { console, notice } = this.#console.take();
    this.#isFetched ||= notice?.status === "finished" || notice?.status === "exec-timeout";
    return {
      status: notice?.status ?? "continued",
      runId: this.id,
      exitCode: notice?.exitCode ?? null,
      options: notice?.options ?? null,
      files: [],
      console,
    };
  }

  async #ready(flushMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#console.isReady) {
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    let listening = { dispose: (): void => undefined };
    const ready = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, flushMs);
      listening = this.#changes.event(() => {
        if (this.#console.isReady) {
          resolve();
        }
      });
    });
    try {
      await abortable(ready, signal);
    } finally {
      clearTimeout(timer);
      listening.dispose();
    }
  }

  #end(notice: Notice): void {
    this.#notice(notice);
    this.#isFinished = true;
    this.answer(undefined);
    this.flow.open();
  }

  #notice(notice: Notice): void {
    if (!this.#isFinished) {
      this.#console.notice(notice);
      this.#changed();
    }
  }

  #changed(): void {
    this.#changes.fire();
  }
}
