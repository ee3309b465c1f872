import { NotFoundError } from "../../api/errors.js";
import { delay, isAbort } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { phaseOf, type SessionPhase } from "../../wire/status.js";
import type { ScopedSessions } from "./scopedSessions.js";

/** News of one session within this time are one question. */
const gatherMs = 60;

/** Questions under way at once. */
const atOnce = 4;

/** From so many sessions on, one list is less than their questions. */
const mostWaiting = 64;

/** Waits before a session is asked about again that has not come to where an event said that it goes. */
const againMs = [400, 1000, 2500, 6000];

/** What a question waits for. */
interface Question {
  readonly expects: SessionPhase | undefined;
  readonly attempt: number;
}

/** What the queue works with. */
export interface SummaryQueueParts {
  readonly sessions: ScopedSessions;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Called when so many sessions have changed that the list is to be read instead. */
  readonly onOverflow: () => void;
}

/** Asks the server about single sessions: each once for all news within a moment, a few at a time, and no endless number. */
export class SummaryQueue {
  readonly #sessions: ScopedSessions;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  readonly #onOverflow: () => void;
  readonly #waiting = new Map<string, Question>();
  #workers = 0;

  constructor({ sessions, logger, signal, onOverflow }: SummaryQueueParts) {
    this.#sessions = sessions;
    this.#logger = logger;
    this.#signal = signal;
    this.#onOverflow = onOverflow;
  }

  /** Asks about a session soon; where it is not in the phase that it `expects` by then, a few more times. */
  ask(id: string, expects: SessionPhase | undefined): void {
    this.#add(id, { expects, attempt: 0 });
  }

  /** What there is to know of a session is known: a question about it that still waits is dropped. */
  forget(id: string): void {
    this.#waiting.delete(id);
  }

  #add(id: string, question: Question): void {
    this.#waiting.set(id, question);
    if (this.#waiting.size > mostWaiting) {
      this.#waiting.clear();
      this.#onOverflow();
    } else if (this.#workers < atOnce) {
      this.#workers += 1;
      void this.#work().catch((error: unknown) => {
        if (!isAbort(error)) {
          this.#logger.error(`asking about sessions: ${messageOf(error)}`);
        }
      });
    }
  }

  async #work(): Promise<void> {
    try {
      await delay(gatherMs, this.#signal);
      for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
        const [id, question] = next;
        this.#waiting.delete(id);
        await this.#answer(id, question);
      }
    } finally {
      this.#workers -= 1;
    }
  }

  async #answer(id: string, { expects, attempt }: Question): Promise<void> {
    const asked = this.#sessions.now();
    try {
      const summary = await this.#sessions.client.sessions.summary(id, { signal: this.#signal });
      const phase = phaseOf(summary.status);
      if (phase === "ended") {
        this.#sessions.end(id, summary);
      } else {
        this.#sessions.take([summary], asked);
      }
      const waitMs = againMs[attempt];
      if (expects !== undefined && phase !== expects && phase !== "failed" && waitMs !== undefined) {
        void this.#later(id, { expects, attempt: attempt + 1 }, waitMs);
      }
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof NotFoundError) {
        this.#sessions.end(id, {});
      } else {
        this.#logger.debug(`session ${id}: ${messageOf(error)}`); // the next list has it
      }
    }
  }

  async #later(id: string, question: Question, waitMs: number): Promise<void> {
    await delay(waitMs, this.#signal).catch(() => undefined);
    const known = this.#sessions.find(id); // an event may have told meanwhile
    if (known !== undefined && phaseOf(known.status) !== question.expects && !this.#waiting.has(id)) {
      this.#add(id, question);
    }
  }
}
