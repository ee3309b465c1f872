import type { IncomingMessage } from "node:http";
import { Refusal } from "../refusal.js";

/**
 * Keeps web pages out. A page of any site can make a browser send requests to loopback, and DNS rebinding gives it the
 * engine's address under the site's own name: so the `Host` must be one of ours, and an `Origin` must be our own.
 */
export class Guard {
  readonly #hosts: ReadonlySet<string>;

  constructor(port: number) {
    this.#hosts = new Set(["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${String(port)}`));
  }

  /** @throws {Refusal} 403 when the request is not meant for this server. */
  check(request: IncomingMessage): void {
    const { host, origin } = request.headers;
    if (host === undefined || !this.#hosts.has(host.toLowerCase())) {
      throw new Refusal("forbidden", { msg: "The Host header does not name this server." });
    }
    if (origin !== undefined && !this.isOwnOrigin(origin)) {
      throw new Refusal("forbidden", { msg: "Web pages of other origins may not use this server." });
    }
  }

  /** Whether a page served by this very server asks. */
  isOwnOrigin(origin: string): boolean {
    const own = /^http:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
    return own !== undefined && this.#hosts.has(own);
  }
}
