/** A question that waits, or is on its way. */
interface Asked {
  readonly kind: string;
  readonly key: string;
  readonly controller: AbortController;
  /** Does the work and settles the promise of who asked. */
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/**
 * One question at a time, and of each kind one that waits: a newer one takes its place. The one on its way is aborted when a newer one
 * of its kind has another key, so that its answer is of no use any more.
 */
export class LatestOnly {
  #current: Asked | undefined;
  readonly #waiting = new Map<string, Asked>();

  /**
   * Does `work` when its turn comes, and settles as it does.
   * @throws {DOMException} (`AbortError`) when a newer question has taken its place.
   */
  async ask<T>(kind: string, key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const controller = new AbortController();
      const run = async (): Promise<void> => work(controller.signal).then(resolve, reject);
      if (this.#current?.kind === kind && this.#current.key !== key) {
        this.#current.controller.abort(superseded());
      }
      this.#waiting.get(kind)?.reject(superseded());
      this.#waiting.set(kind, { kind, key, controller, run, reject });
      this.#next();
    });
  }

  /** Ends what is on its way and what waits. */
  dispose(): void {
    this.#current?.controller.abort(superseded());
    for (const asked of this.#waiting.values()) {
      asked.reject(superseded());
    }
    this.#waiting.clear();
  }

  #next(): void {
    const [asked] = this.#waiting.values();
    if (this.#current !== undefined || asked === undefined) {
      return;
    }
    this.#waiting.delete(asked.kind);
    this.#current = asked;
    void asked.run().finally(() => {
      this.#current = undefined;
      this.#next();
    });
  }
}

function superseded(): DOMException {
  return new DOMException("A newer question has taken its place.", "AbortError"); // for programs
}
