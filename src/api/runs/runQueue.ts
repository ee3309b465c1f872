import { abortable } from "../../base/abort.js";

/**
 * One run at a time per session, first come first served: a server that is given a second one keeps its request for up to
 * 30 s and then fails both (`real-servers.md`).
 */
export class RunQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /** Whether a run that enters now has to wait. */
  isBusy(session: string): boolean {
    return this.#tails.has(session);
  }

  /**
   * Waits until every earlier run of the session is over.
   * @returns Lets the next one begin; call it once.
   */
  async enter(session: string, signal: AbortSignal | undefined): Promise<() => void> {
    const before = this.#tails.get(session) ?? Promise.resolve();
    let leave = (): void => undefined;
    const own = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const tail = before.then(async () => own);
    this.#tails.set(session, tail);
    void tail.then(() => {
      if (this.#tails.get(session) === tail) {
        this.#tails.delete(session);
      }
    });
    try {
      await abortable(before, signal);
    } catch (error) {
      leave(); // those behind still wait for the ones before
      throw error;
    }
    return leave;
  }
}
