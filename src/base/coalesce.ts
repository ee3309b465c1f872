/**
 * A task that is wanted more often than it needs to run: asked again while it runs, it runs once more afterwards, however
 * often it was asked.
 */
export class CoalescedTask {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves after a run that began after this call; rejects as that run does. */
  run(): Promise<void> {
    if (this.#running === undefined) {
      return this.#start();
    }
    this.#next ??= this.#running.catch(() => undefined).then(() => this.#start());
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const run = this.#work().finally(() => {
      if (this.#running === run) {
        this.#running = undefined;
      }
    });
    this.#running = run;
    return run;
  }
}
