import { EventEmitter } from "node:events";
import { deadline } from "../../base/abort.js";
import { TimeoutError } from "../../base/errors.js";

/** Ends a request whose head is late, or whose caller aborts. Who made it clears it when the head is there. */
export interface HeadDeadline {
  /** For undici. */
  readonly signal: AbortSignal | EventEmitter;
  clear(): void;
}

/** @param what What is waited for, such as `GET /session/{id}`. */
export function headDeadline(ms: number, what: string, signal: AbortSignal | undefined): HeadDeadline {
  if (signal === undefined) {
    return new Alone(ms, what);
  }
  const limit = deadline(ms, "headers", what);
  return { signal: AbortSignal.any([signal, limit.signal]), clear: () => limit.clear() };
}

/** A deadline that nothing else is joined to. Most requests have one, and an `AbortSignal` of each costs more than its signature. */
class Alone extends EventEmitter implements HeadDeadline {
  /** Read by undici. */
  reason: Error | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number, what: string) {
    super();
    this.#timer = setTimeout(() => {
      this.reason = new TimeoutError("headers", ms, what);
      this.emit("abort");
    }, ms);
  }

  get signal(): EventEmitter {
    return this;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
