import { type Disposable, toDisposable } from "../../../base/lifecycle.js";

/** A source that can be told to wait. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/** Pauses and resumes all sources of a run together; a source that joins while it is closed starts paused. */
export class FlowGate {
  readonly #sources = new Set<Pausable>();
  #waiting: (() => void)[] = [];
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Adds a source; disposing the result lets it go, flowing. */
  add(source: Pausable): Disposable {
    this.#sources.add(source);
    if (this.#isClosed) {
      source.pause();
    }
    return toDisposable(() => {
      this.#sources.delete(source);
      source.resume();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#sources.forEach((source) => source.pause());
  }

  open(): void {
    this.#isClosed = false;
    this.#sources.forEach((source) => source.resume());
    this.#waiting.splice(0).forEach((resume) => resume());
  }

  /** Resolves once the gate is open. */
  async whenOpen(): Promise<void> {
    while (this.#isClosed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
