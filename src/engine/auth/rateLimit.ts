import { Refusal } from "../http/refusal.js";

const windowMs = 15 * 60 * 1000;

/** Counts requests in a rolling window of 15 minutes (`protocol.md` §8.2). */
export class RateLimit {
  /** Times of the requests in the window, oldest first; never more than `limit` of them. */
  #times: number[] = [];
  #start = 0;

  constructor(
    readonly limit: number,
    readonly now: () => number = Date.now,
  ) {}

  /**
   * Counts one request and gives the headers of its answer.
   * @throws {Refusal} 429 when the limit is reached.
   */
  take(): Record<string, string> {
    const time = this.now();
    this.#forget(time - windowMs);
    const used = this.#times.length - this.#start;
    if (used >= this.limit) {
      throw new Refusal("rate-limited", { headers: this.#headers(0) });
    }
    this.#times.push(time);
    return this.#headers(this.limit - used - 1);
  }

  #forget(before: number): void {
    while (this.#start < this.#times.length && (this.#times[this.#start] ?? 0) <= before) {
      this.#start += 1;
    }
    if (this.#start > 4096) {
      this.#times = this.#times.slice(this.#start);
      this.#start = 0;
    }
  }

  #headers(remaining: number): Record<string, string> {
    return {
      "X-RateLimit-Limit": String(this.limit),
      "X-RateLimit-Remaining": String(remaining),
      "X-RateLimit-Window": String(windowMs / 1000),
    };
  }
}
