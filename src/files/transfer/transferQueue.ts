import { abortable } from "../../base/abort.js";

/** Transfers of this window that run at a time; each has lanes of its own, and the connection to a session is one. */
const transfersAtOnce = 2;

/** Transfers in the order in which they were asked for. */
export class TransferQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Whether one that is asked for now has to wait. */
  get isFull(): boolean {
    return this.#running >= transfersAtOnce;
  }

  /** Does a transfer when its turn comes. */
  async run<T>(transfer: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await transfer();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.isFull) {
      let begin = (): void => undefined;
      const turn = new Promise<void>((resolve) => {
        begin = resolve;
      });
      this.#waiting.push(begin);
      try {
        await abortable(turn, signal);
      } catch (error) {
        const place = this.#waiting.indexOf(begin);
        if (place === -1) {
          this.#waiting.shift()?.(); // its turn had come just then
        } else {
          this.#waiting.splice(place, 1);
        }
        throw error;
      }
    }
    this.#running += 1;
  }
}
