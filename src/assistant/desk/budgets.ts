import { plural } from "../../base/text.js";
import { ToolRefusal } from "../tool.js";

const minuteMs = 60_000;

/** How often tools may be called: so many times in any minute. */
export class CallBudget {
  readonly #now: () => number;
  #calls: number[] = [];

  /** @param now Milliseconds that only grow. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws {ToolRefusal} when there were `limit` calls within the last minute; this one does not count then. */
  take(limit: number): void {
    const now = this.#now();
    this.#calls = this.#calls.filter((at) => now - at < minuteMs);
    const [oldest = now] = this.#calls;
    if (this.#calls.length >= limit) {
      const seconds = Math.ceil((oldest + minuteMs - now) / 1000);
      throw new ToolRefusal(
        `Only ${plural(limit, "call")} a minute are allowed (setting backendai.assistant.maxCallsPerMinute). Go on in ${plural(seconds, "second")}, with fewer and larger calls.`,
      );
    }
    this.#calls.push(now);
  }
}

/** How many sessions tools may start while the window lives. */
export class StartBudget {
  #started = 0;

  /** @throws {ToolRefusal} when there were as many already. */
  check(limit: number): void {
    if (this.#started >= limit) {
      const started =
        this.#started === 0
          ? ""
          : ` ${plural(this.#started, "session")} ${this.#started === 1 ? "was" : "were"} started.`;
      throw new ToolRefusal(
        `You may start ${plural(limit, "session")} in this window (setting backendai.assistant.maxSessions).${started} Use one that runs, or ask the person to start another.`,
      );
    }
  }

  /**
   * Counts a start from its beginning on, so that two at once can't both be the last.
   * @returns Takes it back: nothing was started.
   * @throws {ToolRefusal}
   */
  take(limit: number): () => void {
    this.check(limit);
    this.#started += 1;
    let isTakenBack = false;
    return () => {
      this.#started -= isTakenBack ? 0 : 1;
      isTakenBack = true;
    };
  }
}
