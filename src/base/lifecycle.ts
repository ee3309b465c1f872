/** Something that holds a resource until it is told to let go. */
export interface Disposable {
  dispose(): void;
}

/** A disposable made from a function; the function runs once. */
export function toDisposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose() {
      if (!released) {
        released = true;
        release();
      }
    },
  };
}

/**
 * Owns disposables and lets go of them last-in first-out. Disposing twice is harmless; what is added after disposal is
 * disposed at once, so an async set-up that ends late leaks nothing.
 */
export class DisposableStore implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership of `item` and returns it. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) {
      item.dispose();
    } else {
      this.#items.push(item);
    }
    return item;
  }

  /** Takes ownership of a release function. */
  defer(release: () => void): void {
    this.add(toDisposable(release));
  }

  /** Every item is disposed even when some throw; then the first error is thrown. */
  dispose(): void {
    this.#disposed = true;
    const items = this.#items.reverse();
    this.#items = [];
    const errors: unknown[] = [];
    for (const item of items) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  }
}
