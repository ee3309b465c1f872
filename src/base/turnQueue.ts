import { abortable } from "./abort.js";

/** One at a time for each key, first come first served. */
export class TurnQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** Whether who enters now has to wait. */
  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  /**
   * Waits until everybody who came before has left.
   * @returns Lets the next one begin; call it once.
   */
  async enter(key: string, signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#tails.get(key);
    let leave = (): void => undefined;
    const own = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const tail = before === undefined ? own : before.then(async () => own);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) {
        this.#tails.delete(key);
      }
    });
    try {
      signal?.throwIfAborted();
      if (before !== undefined) {
        await abortable(before, signal);
      }
    } catch (error) {
      leave(); // those behind still wait for the ones before
      throw error;
    }
    return leave;
  }
}
