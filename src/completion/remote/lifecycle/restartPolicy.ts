import * as l10n from "@vscode/l10n";
import { ServerError } from "../../../api/errors.js";
import { backoffMs, type BackoffBounds } from "../../../base/backoff.js";
import { NetworkError, StreamClosedError, TimeoutError } from "../../../base/errors.js";
import { shownMessage } from "../../../platform/errors/shownMessage.js";
import { LanguageServerGaveUpError, LanguageServerStartError } from "../servers/serverErrors.js";

/** What to do after a failure: start again after a while, or stop with an error. */
export type RestartDecision = { readonly delayMs: number } | { readonly error: unknown };

const usualBackoff: BackoffBounds = { firstMs: 1000, longestMs: 30_000 };

/** A server that ended more often within that time, in milliseconds, is given up. */
const mostRestarts = 5;
const restartSpanMs = 180_000;

/** A session that could not be reached more often in a row is given up. */
const mostLosses = 12;

/** Whether and when a server is started again. A server that ends is counted apart from a session that can't be reached. */
export class RestartPolicy {
  readonly #name: string;
  readonly #bounds: BackoffBounds;
  readonly #crashes: number[] = [];
  #losses = 0;
  #hasRun = false;

  constructor(name: string, bounds = usualBackoff) {
    this.#name = name;
    this.#bounds = bounds;
  }

  /** The server has answered: the session can be reached. */
  succeeded(): void {
    this.#losses = 0;
    this.#hasRun = true;
  }

  /** @param now In milliseconds, from any beginning. */
  failed(failure: unknown, now = performance.now()): RestartDecision {
    if (this.#isLoss(failure)) {
      this.#losses += 1;
      return this.#losses > mostLosses ? { error: failure } : this.#after(this.#losses);
    }
    if (!(failure instanceof LanguageServerStartError || failure instanceof TimeoutError)) {
      return { error: failure };
    }
    this.#crashes.push(now);
    const recent = this.#crashes.filter((at) => now - at < restartSpanMs).length;
    return recent > mostRestarts ? { error: this.#gaveUp(failure) } : this.#after(recent);
  }

  /** A server that answers 5xx for a session that was reached before is on its way down, or up. */
  #isLoss(failure: unknown): boolean {
    return (
      failure instanceof NetworkError ||
      failure instanceof StreamClosedError ||
      (this.#hasRun && failure instanceof ServerError)
    );
  }

  #after(failures: number): RestartDecision {
    return { delayMs: backoffMs(failures - 1, this.#bounds, Math.random()) };
  }

  #gaveUp(cause: unknown): Error {
    return new LanguageServerGaveUpError(
      l10n.t(
        "{0} ended {1} times in 3 minutes, so it is not started again: {2}",
        this.#name,
        mostRestarts + 1,
        shownMessage(cause),
      ),
      { cause },
    );
  }
}
