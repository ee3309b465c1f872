import { backoffMs } from "../../base/backoff.js";
import { NetworkError } from "../../base/errors.js";
import { LoginBlockedError, RateLimitedError } from "../errors.js";
import { isStumble } from "./errorMapping.js";

/** Wait before the one repetition: a kept connection that the server closed meanwhile, or a server that stumbled. */
export const retryDelayMs = 100;

/** Waits after refusals for too many requests, which come without a `Retry-After` (`protocol.md` §8.2). */
const busyPauses = { firstMs: 500, longestMs: 8000 };

/** Which request failed. */
interface Failed {
  readonly method: string;
  /** Whether asking twice does no harm: always so for a GET. */
  readonly isRepeatable?: boolean;
}

/** How often one request is sent again, and after which pauses. */
export class Patience {
  readonly #busyMs: number;
  #waitedMs = 0;
  #refusals = 0;
  #hasStumbled = false;

  /** @param busyMs How long refusals for too many requests are waited out, in all. */
  constructor(busyMs: number) {
    this.#busyMs = busyMs;
  }

  /** Milliseconds to wait before the request is sent again; `undefined` when it has failed for good. */
  pauseAfter(error: unknown, request: Failed): number | undefined {
    if (error instanceof LoginBlockedError) {
      return undefined; // more of them make it worse
    }
    if (error instanceof RateLimitedError) {
      // It was not carried out, so that it may be sent again whatever it does.
      const pauseMs = Math.max(error.retryAfterMs, backoffMs(this.#refusals, busyPauses, Math.random()));
      this.#refusals += 1;
      this.#waitedMs += pauseMs;
      return this.#waitedMs <= this.#busyMs ? pauseMs : undefined;
    }
    const isWorthIt = !this.#hasStumbled && isWorthAnotherTry(error, request);
    this.#hasStumbled = true;
    return isWorthIt ? retryDelayMs : undefined;
  }
}

/** A GET whose connection failed, or what may be repeated and met a server that stumbled. */
function isWorthAnotherTry(error: unknown, { method, isRepeatable = method === "GET" }: Failed): boolean {
  return method === "GET" && error instanceof NetworkError ? true : isRepeatable && isStumble(error);
}
