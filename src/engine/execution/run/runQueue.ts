import { reasonOf } from "../../../base/abort.js";
import { AgentTimeoutError, SessionEndedError } from "../errors.js";

interface Waiter {
  enter(): void;
  refuse(error: Error): void;
}

/** Lets one run in at a time, in the order of asking. */
export class RunQueue {
  readonly #waiters: Waiter[] = [];
  #isTaken = false;
  #isClosed = false;

  /**
   * Resolves when it is the caller's turn; `leave` ends it.
   *
   * @throws AgentTimeoutError after `timeoutMs`; SessionEndedError when the queue is closed; the signal's reason.
   */
  async enter(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#isClosed) {
      throw new SessionEndedError();
    }
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    await this.#wait(timeoutMs, signal);
  }

  leave(): void {
    const next = this.#waiters.shift();
    if (next === undefined) {
      this.#isTaken = false;
    } else {
      next.enter();
    }
  }

  /** Refuses who waits and who comes. */
  close(): void {
    this.#isClosed = true;
    this.#waiters.splice(0).forEach((waiter) => waiter.refuse(new SessionEndedError()));
  }

  #wait(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        const at = this.#waiters.indexOf(waiter);
        if (at >= 0) {
          this.#waiters.splice(at, 1);
        }
        end();
      };
      const waiter: Waiter = {
        enter: () => settle(resolve),
        refuse: (error) => settle(() => reject(error)),
      };
      const onAbort = (): void => {
        if (signal !== undefined) {
          waiter.refuse(reasonOf(signal));
        }
      };
      const timer = setTimeout(() => waiter.refuse(new AgentTimeoutError(timeoutMs)), timeoutMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.push(waiter);
    });
  }
}
