import { type Disposable, toDisposable } from "../base/lifecycle.js";
import type { Rung } from "./links/terminalLink.js";

/** What the terminals of a window have learned about the ways into each session. */
export class RungMemory {
  readonly #refused = new Map<string, Set<Rung>>();
  readonly #onPty = new Map<string, object>();

  /** Ways that a session has refused for good. */
  refused(sessionId: string): ReadonlySet<Rung> {
    return this.#refused.get(sessionId) ?? new Set();
  }

  refuse(sessionId: string, rung: Rung): void {
    this.#refused.set(sessionId, new Set([...this.refused(sessionId), rung]));
  }

  /** It works after all. */
  allow(sessionId: string, rung: Rung): void {
    this.#refused.get(sessionId)?.delete(rung);
  }

  /** Whether a terminal other than `who` shows the session's own. */
  isPtyTaken(sessionId: string, who: object): boolean {
    const taker = this.#onPty.get(sessionId);
    return taker !== undefined && taker !== who;
  }

  /** `who` shows the session's own terminal until the result is disposed. */
  takePty(sessionId: string, who: object): Disposable {
    if (!this.#onPty.has(sessionId)) {
      this.#onPty.set(sessionId, who);
    }
    return toDisposable(() => {
      if (this.#onPty.get(sessionId) === who) {
        this.#onPty.delete(sessionId);
      }
    });
  }
}
