import type { Logger } from "../../base/logger.js";
import { formatBytes } from "../../base/text.js";

/** Tells requests apart that are on their way at the same time. */
let requests = 0;

function nextId(): string {
  requests = (requests + 1) % 0x10000;
  return requests.toString(16).padStart(4, "0");
}

/** The two lines of one request: `→ 3f2a POST /session/x/upload 12.3 kB`, `← 3f2a 204 41 ms`. No query, no body. */
export class RequestLog {
  readonly #id = nextId();
  readonly #started = performance.now();
  readonly #logger: Logger;

  constructor(logger: Logger, method: string, path: string, bytes?: number) {
    this.#logger = logger;
    const size = bytes === undefined ? "" : ` ${formatBytes(bytes)}`;
    logger.debug(`→ ${this.#id} ${method} ${path}${size}`);
  }

  /** @param outcome The status, or in a word why there is none. */
  end(outcome: number | string): void {
    const took = Math.round(performance.now() - this.#started);
    this.#logger.debug(`← ${this.#id} ${outcome} ${took} ms`);
  }

  /** A frame of a websocket, by type and size. */
  frame(direction: "→" | "←", type: string, bytes: number): void {
    this.#logger.trace(`${direction} ${this.#id} ${type} ${formatBytes(bytes)}`);
  }
}
