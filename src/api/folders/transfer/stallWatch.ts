import { TimeoutError } from "../../../base/errors.js";

/** Aborts when a transfer has not moved for a while: its deadline is silence, as a slow line may take long. */
export class StallWatch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number, what: string) {
    this.#timer = setTimeout(() => this.#controller.abort(new TimeoutError("body", ms, what)), ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something moved. */
  touch(): void {
    this.#timer.refresh();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
