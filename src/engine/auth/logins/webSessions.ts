import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** How long a login lasts, in seconds; the web server's sample configuration says the same. */
const lifetimeS = 604_800;

/** The logins of the web server: ids in cookies (`protocol.md` §2.4). Bounded: the oldest are forgotten. */
export class WebSessions {
  /** When each login ends, in milliseconds since the epoch. */
  readonly #logins = new Map<string, number>();

  constructor(
    readonly limit = 1000,
    readonly now: () => number = Date.now,
  ) {}

  /** Makes an id; it counts as logged in only when `authenticated`. */
  create(authenticated: boolean): string {
    const id = randomBytes(16).toString("hex");
    if (authenticated) {
      this.extend(id);
      const oldest = this.#logins.keys().next().value;
      if (this.#logins.size > this.limit && oldest !== undefined) {
        this.#logins.delete(oldest);
      }
    }
    return id;
  }

  /** The id of the login that a request carries in its cookie or its header, or `undefined`. */
  loginOf(headers: IncomingHttpHeaders): string | undefined {
    const header = headers["x-backendai-sessionid"];
    const id = (Array.isArray(header) ? header[0] : header) ?? cookieOf(headers.cookie);
    return id !== undefined && (this.#logins.get(id) ?? 0) > this.now() ? id : undefined;
  }

  isLoggedIn(headers: IncomingHttpHeaders): boolean {
    return this.loginOf(headers) !== undefined;
  }

  extend(id: string): void {
    this.#logins.set(id, this.now() + lifetimeS * 1000);
  }

  end(id: string): void {
    this.#logins.delete(id);
  }

  /** When a login made at this moment ends. */
  expiry(): Date {
    return new Date(this.now() + lifetimeS * 1000);
  }

  /** The `Set-Cookie` header of a login. */
  cookie(id: string): string {
    const expires = `${this.expiry().toISOString().slice(0, 19)}+00:00`;
    return `AIOHTTP_SESSION=${id}; expires=${expires}; HttpOnly; Max-Age=${String(lifetimeS)}; Path=/`;
  }
}

/** The `Set-Cookie` header that ends a login. */
export const endedCookie = 'AIOHTTP_SESSION=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/';

function cookieOf(cookies: string | undefined): string | undefined {
  return /(?:^|;\s*)AIOHTTP_SESSION="?([0-9a-f]+)/.exec(cookies ?? "")?.[1];
}
