import { abortable, anySignal, deadline, within } from "../../base/abort.js";
import { ConfigurationError, messageOf, TimeoutError } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { ApiError, NotFoundError, RunFailedError } from "../errors.js";
import { noticeOf, outputEvents, type RunEvent } from "./runEvents.js";
import type { FailedStep } from "./runDefects.js";
import type { RunCarrier, RunPlan, SessionState, StepOutcome } from "./runPlan.js";

/** What a run needs of its surroundings. */
export interface RunOptions {
  readonly id: string;
  readonly plan: RunPlan;
  readonly carrier: RunCarrier;
  /** Whether another run of this client is under way in the session. */
  readonly isQueueBusy: () => boolean;
  /** Waits for the session to be free; resolves with how to leave. The signal is made by who has to wait. */
  readonly enter: (waiting: () => AbortSignal | undefined) => Promise<() => void>;
  readonly interrupt: () => Promise<void>;
  /** What a failure of a step is to be thrown as. */
  readonly explain: (error: unknown, step: FailedStep) => unknown;
  /** Told when the first step was answered. */
  readonly onAnswered: () => void;
  /** Told when the session may be kept busy by this run. */
  readonly onLost: () => void;
  /** Silence after which `maybeLost` is told, where the server is known to lose the end of such runs. */
  readonly doubtMs: number | undefined;
  readonly graceMs: number;
  /** Silence after which a run counts as lost; `undefined` for no limit. */
  readonly idleMs: number | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
}

/**
 * A run. Nothing is sent before it is iterated, and it is iterated once. Iteration ends after `finished` or `timedOut`;
 * leaving it earlier, by `break` or by the signal, interrupts the program, reads to its end within a few seconds and then lets
 * go, so no half-run is left (`real-servers.md`: a run that is just dropped blocks the session).
 */
export class Run implements AsyncIterable<RunEvent> {
  readonly #options: RunOptions;
  /** Ends what is still on its way when a run is given up. */
  readonly #cut = new AbortController();
  /** Takes a run that waits out of the queue. Most don't wait, and need none: a signal costs more than a request's headers. */
  #queueing: AbortController | undefined;
  #isWithdrawn = false;
  #isStarted = false;
  #hasBegun = false;
  /** Where the program is: not running (or its end was seen), running, waiting for a line, or out of reach. */
  #state: "quiet" | "running" | "asking" | "lost" = "quiet";
  /** When the last step was asked for; `undefined` before the first. */
  #stepAt: number | undefined;
  #hasAnswered = false;
  /** Whether the server refused the run before anything of it was heard: it is not this run that keeps the session busy. */
  #isRefused = false;
  #freeing: Promise<SessionState> | undefined;
  /** A step that was asked for and whose outcome nobody has taken yet. */
  #pending: Promise<StepOutcome> | undefined;
  #line = lineSlot();
  /** The interrupt that waits for the beginning of the run. */
  #early: Promise<void> | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** 32 hex digits, made here. Over a websocket the server uses another one, which it does not tell. */
  get id(): string {
    return this.#options.id;
  }

  /**
   * Gives the program the line that it waits for; it is sent as iteration goes on.
   * @throws {ConfigurationError} when it waits for none.
   */
  async answer(text: string): Promise<void> {
    if (this.#state !== "asking" || this.#line.isTaken) {
      throw new ConfigurationError("answer", "The program is not waiting for input.");
    }
    this.#line.take(text);
    return Promise.resolve();
  }

  /**
   * Interrupts the program. The run goes on to its `finished`; a program that waits for input gets an empty line, as it
   * hears of the interrupt only then. A run that has not begun ends without any further event: the server would interrupt
   * the one before it. One whose end was seen is left alone, as it would be the one after it.
   */
  async interrupt(): Promise<void> {
    if (!this.#hasBegun) {
      this.#withdraw();
      return;
    }
    if (this.#state === "quiet") {
      return;
    }
    await this.#interruptBegun();
    if (this.#state === "asking" && !this.#line.isTaken) {
      this.#line.take("");
    }
  }

  /**
   * Interrupts what the server has begun with: an interrupt that overtakes its run hits nothing. Those that come sooner are one, as
   * the third would kill the interpreter.
   */
  async #interruptBegun(): Promise<void> {
    const { carrier, interrupt } = this.#options;
    const first = this.#hasAnswered || carrier.isSlowToBegin !== true ? undefined : this.#pending;
    await (first === undefined ? interrupt() : (this.#early ??= this.#interruptAfter(first)));
  }

  /** A server that says nothing of the run for half of the grace may have it all the same. */
  async #interruptAfter(first: Promise<StepOutcome>): Promise<void> {
    const { graceMs, interrupt } = this.#options;
    await within(first, graceMs / 2, "run", "the beginning of an interrupted run").catch(() => undefined);
    const isOver = this.#hasAnswered && !isAlive(this.#state);
    await (isOver ? undefined : interrupt()); // the next program is not to be interrupted in its place
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent, void, undefined> {
    if (this.#isStarted) {
      throw new ConfigurationError("run", "A run can be iterated only once.");
    }
    this.#isStarted = true;
    const isQueued = this.#options.isQueueBusy();
    const turn = this.#turn();
    try {
      if (isQueued) {
        yield { type: "queued" };
      }
      this.#hasBegun = (await turn) !== undefined;
      if (this.#hasBegun) {
        yield* this.#events();
      }
    } catch (error) {
      const stepMs = this.#stepAt === undefined ? undefined : performance.now() - this.#stepAt;
      const session = await this.#freed();
      throw this.#options.explain(error, { isFirst: !this.#hasAnswered, stepMs, session });
    } finally {
      if (!this.#hasBegun) {
        this.#withdraw();
      }
      const leave = await turn.catch(() => undefined);
      await this.#freed().finally(leave);
    }
  }

  /** Waits for the session to be free; `undefined` when the run was withdrawn before. */
  async #turn(): Promise<(() => void) | undefined> {
    if (this.#isWithdrawn) {
      return undefined;
    }
    const { enter, signal } = this.#options;
    const turn = enter(() => {
      this.#queueing ??= new AbortController();
      return anySignal(signal, this.#queueing.signal);
    }).catch((error: unknown) => {
      if (this.#isWithdrawn && signal?.aborted !== true) {
        return undefined;
      }
      throw error;
    });
    turn.catch(() => undefined); // whoever left the iteration does not ask any more
    return turn;
  }

  #withdraw(): void {
    this.#isWithdrawn = true;
    this.#queueing?.abort();
  }

  async *#events(): AsyncGenerator<RunEvent, void, undefined> {
    const { carrier, plan, signal } = this.#options;
    signal?.throwIfAborted();
    let step = await this.#outcome(carrier.begin(plan, this.#cut.signal));
    let lastSign = performance.now();
    let isDoubted = false;
    for (;;) {
      yield* outputEvents(step.console);
      const notice = noticeOf(step);
      if (notice) {
        yield notice;
      }
      if (this.#state === "quiet") {
        return;
      }
      const hasNews = notice !== undefined || (step.console ?? []).length > 0;
      lastSign = hasNews ? performance.now() : lastSign;
      this.#checkSilence(lastSign);
      const isDoubtful = this.#isDoubtful(lastSign);
      if (isDoubtful && !isDoubted) {
        yield { type: "maybeLost" };
      }
      isDoubted = isDoubtful;
      step = await this.#next();
    }
  }

  async #next(): Promise<StepOutcome> {
    const { carrier, signal } = this.#options;
    if (this.#state !== "asking") {
      return this.#outcome(carrier.proceed(this.#cut.signal));
    }
    const text = await abortable(this.#typed(), signal);
    this.#line = lineSlot();
    return this.#outcome(carrier.answer(text, this.#cut.signal));
  }

  /** The line that the program waits for. A connection that breaks meanwhile is told at once, not to whoever answers. */
  async #typed(): Promise<string> {
    const broken = this.#options.carrier.broken?.().catch((error: unknown) => {
      this.#state = this.#state === "asking" ? "lost" : this.#state; // one that was answered is told by its next step
      throw error;
    });
    return broken === undefined ? this.#line.text : Promise.race([this.#line.text, broken]);
  }

  /** Waits for a step. When the caller aborts meanwhile, it stays pending, for `#letGo` to read on. */
  async #outcome(step: Promise<StepOutcome>): Promise<StepOutcome> {
    step.catch(() => undefined); // nobody may be left to hear of it
    this.#pending = step;
    this.#stepAt = performance.now();
    this.#state = "running";
    const outcome = await abortable(this.#taken(step), this.#options.signal);
    return outcome;
  }

  /** A step's outcome, and what it says of the program. */
  async #taken(step: Promise<StepOutcome>): Promise<StepOutcome> {
    try {
      const outcome = await step;
      this.#state = stateAfter(outcome);
      if (!this.#hasAnswered) {
        this.#hasAnswered = true;
        this.#options.onAnswered();
      }
      return outcome;
    } catch (error) {
      this.#isRefused = !this.#hasAnswered && (error instanceof ApiError || error instanceof RunFailedError);
      const isOver = error instanceof NotFoundError || (this.#isRefused && isClientError(error));
      this.#state = isOver ? "quiet" : "lost";
      throw error;
    } finally {
      this.#pending = undefined;
    }
  }

  #isDoubtful(lastSign: number): boolean {
    const { doubtMs } = this.#options;
    return this.#state === "running" && doubtMs !== undefined && performance.now() - lastSign > doubtMs;
  }

  #checkSilence(lastSign: number): void {
    const { idleMs } = this.#options;
    if (idleMs !== undefined && performance.now() - lastSign > idleMs) {
      throw new TimeoutError("run", idleMs, "A word from the program");
    }
  }

  /** Sees to it, once, that the session is free for the next run. */
  async #freed(): Promise<SessionState> {
    this.#freeing ??= this.#letGo();
    return this.#freeing;
  }

  async #letGo(): Promise<SessionState> {
    const { carrier, onLost } = this.#options;
    if (this.#state !== "quiet") {
      await this.#endProgram();
    }
    const session = await carrier.release(this.#state === "quiet");
    if (session === "busy" && !this.#isRefused) {
      onLost();
    }
    return session;
  }

  /** Gives a program the grace to end; what is still on its way then is cut off. */
  async #endProgram(): Promise<void> {
    const { graceMs, logger } = this.#options;
    const limit = deadline(graceMs, "run", "the end of an interrupted run");
    try {
      await this.#readToEnd(limit.signal);
    } catch (error) {
      logger.debug(`run ${this.id}: its end was not seen: ${messageOf(error)}`);
    } finally {
      limit.clear();
      this.#cut.abort(new DOMException("The run was given up.", "AbortError"));
    }
  }

  /** Interrupts, and reads on until the program has ended. One that is out of reach is not asked any more. */
  async #readToEnd(limit: AbortSignal): Promise<void> {
    const { carrier } = this.#options;
    if (!isAlive(this.#state)) {
      return;
    }
    await abortable(this.#interruptBegun(), limit);
    while (isAlive(this.#state)) {
      const step =
        this.#pending ??
        (this.#state === "asking" ? carrier.answer("", this.#cut.signal) : carrier.proceed(this.#cut.signal));
      step.catch(() => undefined);
      await abortable(this.#taken(step), limit);
    }
  }
}

/** Whether there is an end to be read. */
function isAlive(state: "quiet" | "running" | "asking" | "lost"): boolean {
  return state === "running" || state === "asking";
}

function isClientError(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500;
}

function stateAfter({ status }: StepOutcome): "quiet" | "running" | "asking" {
  if (status === "finished" || status === "exec-timeout") {
    return "quiet";
  }
  return status === "waiting-input" ? "asking" : "running";
}

/** A line that is given once and waited for once. */
function lineSlot(): { readonly text: Promise<string>; readonly isTaken: boolean; take(text: string): void } {
  let isTaken = false;
  let resolve: (text: string) => void = () => undefined;
  const text = new Promise<string>((done) => {
    resolve = done;
  });
  return {
    text,
    get isTaken() {
      return isTaken;
    },
    take(line) {
      isTaken = true;
      resolve(line);
    },
  };
}
