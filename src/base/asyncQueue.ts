/**
 * A bounded queue between a pushing source and one `for await` reader. The source learns from `push` whether to pause, and
 * from `onDrain` when to go on. Ending or failing lets the reader take what is queued first, so no item is lost.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #items: { readonly value: T; readonly size: number }[] = [];
  readonly #highWater: number;
  readonly #onDrain: () => void;
  #size = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  /**
   * @param highWater Summed size of the queued items above which `push` answers `false`.
   * @param onDrain Called when the reader has taken the queue below half of it again.
   */
  constructor(highWater: number, onDrain: () => void = () => undefined) {
    this.#highWater = highWater;
    this.#onDrain = onDrain;
  }

  /** Adds an item; `false` asks the source to pause until `onDrain`. After the end it does nothing. */
  push(value: T, size = 1): boolean {
    if (!this.#ended) {
      this.#items.push({ value, size });
      this.#size += size;
      this.#wake?.();
    }
    this.#paused ||= this.#size > this.#highWater;
    return !this.#paused;
  }

  /** No more items come. With an error, the reader gets it after the last item. */
  end(error?: Error): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#error = error;
      this.#wake?.();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        this.#taken(item.size);
        yield item.value;
      } else if (this.#ended) {
        if (this.#error !== undefined) {
          throw this.#error;
        }
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }

  #taken(size: number): void {
    this.#size -= size;
    if (this.#paused && this.#size <= this.#highWater / 2) {
      this.#paused = false;
      this.#onDrain();
    }
  }
}
