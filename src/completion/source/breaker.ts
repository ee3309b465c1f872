import * as l10n from "@vscode/l10n";
import { type BackoffBounds, backoffMs } from "../../base/backoff.js";
import { Emitter } from "../../base/event.js";
import { formatDuration } from "../../base/text.js";

/** Whether a source is asked. */
export type BreakerState =
  | { readonly phase: "on" }
  /** Not before `until` (milliseconds since 1970), and then with one question first; `reason` in words. */
  | { readonly phase: "resting"; readonly reason: string; readonly until: number };

/** What a breaker goes by. */
export interface BreakerOptions {
  /** An answer that takes longer is a slow one, in milliseconds. */
  readonly budgetMs: number;
  /** Milliseconds since 1970, and a number from 0 to 1; by default the computer's. */
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/** Failures, and slow answers, in a row after which a source rests. */
const failureLimit = 3;
const slowLimit = 5;

const rests: BackoffBounds = { firstMs: 30_000, longestMs: 600_000 };

/**
 * Keeps a source from being asked that fails, or is slow, again and again. It rests for 30 s, then one question tells whether it
 * works again; each time that it does not it rests for twice as long, up to 10 min.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #didChange = new Emitter<void>();
  #state: BreakerState = { phase: "on" };
  #failures = 0;
  #slow = 0;
  #rests = 0;
  #isTrying = false;
  /** Whether something went wrong since the question on its way was asked, though it may be answered. */
  #isSpoiled = false;

  readonly onDidChange = this.#didChange.event;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether a question may be asked; tell `succeeded`, `failed` or `dropped` of it then. */
  begin(): boolean {
    if (this.#state.phase === "resting") {
      if (this.#isTrying || this.#now() < this.#state.until) {
        return false;
      }
      this.#isTrying = true;
    }
    this.#isSpoiled = false;
    return true;
  }

  /** It was answered. */
  succeeded(tookMs: number): void {
    const { budgetMs } = this.#options;
    this.#isTrying = false;
    if (this.#isSpoiled) {
      return;
    }
    this.#slow = tookMs > budgetMs ? this.#slow + 1 : 0;
    this.#failures = 0;
    if (this.#slow >= slowLimit || (this.#slow > 0 && this.#state.phase === "resting")) {
      this.#rest(
        l10n.t(
          "its answers took longer than {0}, the last one {1}",
          formatDuration(budgetMs),
          formatDuration(tookMs),
        ),
      );
    } else if (this.#slow === 0) {
      this.reset();
    }
  }

  /**
   * It was not, or did harm.
   * @param reason In words.
   */
  failed(reason: string): void {
    this.#isTrying = false;
    this.#isSpoiled = true;
    this.#failures += 1;
    if (this.#failures >= failureLimit || this.#state.phase === "resting") {
      this.#rest(reason);
    }
  }

  /** Nobody wanted the answer any more. */
  dropped(): void {
    this.#isTrying = false;
  }

  /** Asks again at once, as a person may wish. */
  reset(): void {
    this.#failures = 0;
    this.#slow = 0;
    this.#rests = 0;
    if (this.#state.phase === "resting") {
      this.#state = { phase: "on" };
      this.#didChange.fire();
    }
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  #rest(reason: string): void {
    const { random = Math.random } = this.#options;
    this.#state = { phase: "resting", reason, until: this.#now() + backoffMs(this.#rests, rests, random()) };
    this.#rests += 1;
    this.#failures = 0;
    this.#slow = 0;
    this.#didChange.fire();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
