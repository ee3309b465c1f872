import { EventEmitter } from "node:events";
import { whenAborted } from "../../base/abort.js";
import { TimeoutError } from "../../base/errors.js";

/**
 * Ends a request whose head is late, or whose caller aborts. For undici it is the request's signal: an emitter, as an `AbortSignal` of
 * each request costs more than its signature, and one that joins two costs that thrice.
 */
export class HeadDeadline extends EventEmitter {
  /** Read by undici. */
  reason: Error | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #leave: (() => void) | undefined;

  /**
   * @param what What is waited for, such as `GET /session/{id}`.
   * @param signal The caller's, not aborted yet.
   */
  constructor(ms: number, what: string, signal: AbortSignal | undefined) {
    super();
    this.#timer = setTimeout(() => this.#end(new TimeoutError("headers", ms, what)), ms);
    this.#leave = signal && whenAborted(signal, (reason) => this.#end(reason));
  }

  /** The head is there: only the caller ends the request from now on. */
  met(): void {
    clearTimeout(this.#timer);
  }

  /** The request is over, its body included. */
  release(): void {
    clearTimeout(this.#timer);
    this.#leave?.();
  }

  #end(reason: Error): void {
    this.reason = reason;
    this.emit("abort");
  }
}
