/** Runs the newest of a series of jobs: starting one aborts the one before. */
export class LatestOnly {
  #current: AbortController | undefined;

  /** Runs `job` with a signal that aborts when a newer job starts, when `cancel` is called, or with `outer`. */
  async run<T>(job: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
    this.cancel();
    const controller = new AbortController();
    this.#current = controller;
    try {
      return await job(outer ? AbortSignal.any([outer, controller.signal]) : controller.signal);
    } finally {
      if (this.#current === controller) {
        this.#current = undefined;
      }
    }
  }

  /** Aborts the running job, if any. */
  cancel(): void {
    this.#current?.abort();
    this.#current = undefined;
  }
}
