import type { BackendAIClient, Run, RunEvent } from "../../api/index.js";
import { anySignal, isAbort } from "../../base/abort.js";
import { hasRaised, queryWords } from "./queryScreen.js";

/** What code left when it ran to its end, or was ended. */
export interface CollectedRun {
  /**
   * `neverBegan`: another run of the session took all the time that there was. `abandoned`: it did not end when it was interrupted
   * and was left alone; the session may be busy with it.
   */
  readonly outcome: "done" | "raised" | "tookTooLong" | "askedForInput" | "neverBegan" | "abandoned";
  readonly exitCode: number | undefined;
  /** What it printed, escape sequences included: the beginning, and the end where something between them was dropped. */
  readonly head: string;
  /** Characters that were dropped. */
  readonly dropped: number;
  readonly tail: string;
  /** Kinds of what it showed beside text, such as `image/png`. */
  readonly shown: readonly string[];
}

/** How long code may run, and who may end it. */
export interface CollectOptions {
  /** In milliseconds, from now: waiting for another run of the session counts. Then it is interrupted. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Characters that are kept of the beginning and of the end of what is printed. */
const keptHead = 32 * 1024;
const keptTail = 64 * 1024;
/** Kinds of rich output that are told. */
const shownLimit = 20;
/** What tells how a run of an old server ended, in characters of stderr. */
const errorTail = 4000;
/** How long a program may take to end when it was interrupted, in milliseconds. */
const patienceMs = 5000;

/**
 * Runs code in a session's interpreter, where nobody looks: what it prints is collected with bounded memory, and a question of
 * the program ends it, as nobody is there to answer.
 * @throws the errors of runs; the signal's reason when it aborts, after which the program is interrupted.
 */
export async function collectRun(
  client: BackendAIClient,
  sessionId: string,
  code: string,
  { limitMs, signal }: CollectOptions,
): Promise<CollectedRun> {
  const giveUp = new AbortController();
  const run = client.runs.query(sessionId, code, { signal: anySignal(signal, giveUp.signal) });
  const collector = new Collector(client.dialect.manager);
  const stopper = new Stopper(run, giveUp);
  const limit = setTimeout(() => stopper.stop("tookTooLong"), limitMs);
  try {
    for await (const event of run) {
      collector.take(event);
      if (event.type === "inputRequested") {
        stopper.stop("askedForInput");
      }
    }
    return collector.result(stopper.reason);
  } catch (error) {
    const words = queryWords(error);
    if (words !== undefined) {
      return collector.result(undefined, words);
    }
    if (isAbort(error) && !signal.aborted) {
      return { ...collector.result(undefined), outcome: "abandoned" };
    }
    throw error;
  } finally {
    clearTimeout(limit);
    stopper.dispose();
  }
}

/** Ends a run for the first reason that there is: an interrupt, and after a while no more patience. */
class Stopper {
  reason: "tookTooLong" | "askedForInput" | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(
    private readonly run: Run,
    private readonly giveUp: AbortController,
  ) {}

  stop(reason: "tookTooLong" | "askedForInput"): void {
    if (this.reason === undefined) {
      this.reason = reason;
      const abandon = (): void =>
        this.giveUp.abort(new DOMException("The run did not end when it was interrupted.", "AbortError")); // for programs
      this.#patience = setTimeout(abandon, patienceMs);
      this.run.interrupt().catch(abandon);
    }
  }

  dispose(): void {
    clearTimeout(this.#patience);
  }
}

/** What events of a run leave, with bounded memory. */
class Collector {
  #head = "";
  #tail = "";
  #dropped = 0;
  #errors = "";
  #hasBegun = false;
  #end: Extract<RunEvent, { type: "finished" }> | undefined;
  #isTimedOut = false;
  readonly #shown = new Set<string>();

  constructor(private readonly manager: string) {}

  take(event: RunEvent): void {
    this.#hasBegun ||= event.type !== "queued";
    if (event.type === "output") {
      this.#print(event.text);
      this.#errors = event.stream === "stderr" ? (this.#errors + event.text).slice(-errorTail) : this.#errors;
    } else if (event.type === "media" || event.type === "html") {
      this.#show(event.type === "media" ? event.mimeType : "text/html");
    } else if (event.type === "finished") {
      this.#end = event;
    }
    this.#isTimedOut ||= event.type === "timedOut";
  }

  /** @param note What is to be said instead of what the code did not get to print. */
  result(stopped: "tookTooLong" | "askedForInput" | undefined, note = ""): CollectedRun {
    const isRaised = this.#end !== undefined && hasRaised(this.#end, this.#errors, this.manager);
    const ended = isRaised ? "raised" : "done";
    const stopReason = stopped ?? (this.#isTimedOut ? "tookTooLong" : undefined);
    return {
      outcome: stopReason === "tookTooLong" && !this.#hasBegun ? "neverBegan" : (stopReason ?? ended),
      exitCode: this.#end?.exitCode,
      head: this.#head,
      dropped: this.#dropped,
      tail: this.#tail + note,
      shown: [...this.#shown],
    };
  }

  #print(text: string): void {
    const room = keptHead - this.#head.length;
    this.#head += text.slice(0, room);
    this.#tail += text.slice(room);
    const excess = this.#tail.length - keptTail;
    if (excess > keptTail) {
      this.#dropped += excess;
      this.#tail = this.#tail.slice(excess);
    }
  }

  #show(mimeType: string): void {
    if (this.#shown.size < shownLimit) {
      this.#shown.add(mimeType);
    }
  }
}
