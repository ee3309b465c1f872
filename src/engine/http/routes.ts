import makeRouter from "find-my-way";
import type { WebSocket } from "ws";
import type { Call } from "./call.js";
import { Refusal } from "./refusal.js";
import type { Reply } from "./reply.js";

/** The methods that any route has. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
const methods = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"] as const;

/** One URL that the engine answers. */
export interface Route {
  readonly method: Method;
  /** A find-my-way pattern, such as `/session/:id/logs`. */
  readonly path: string;
  /** `none`: answered to anybody who gets past the guard. */
  readonly auth?: "none";
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** One URL that becomes a websocket. */
export interface SocketRoute {
  readonly path: string;
  /** Refuses with an HTTP answer by throwing; otherwise gives what talks on the open socket. Starts nothing: there may be none. */
  readonly open: (call: Call) => SocketTalk | Promise<SocketTalk>;
}

/** Talks on an open websocket; the socket's end is its end. */
export type SocketTalk = (socket: WebSocket) => void | Promise<void>;

/** What was found for a URL. */
export interface Match<T> {
  readonly route: T;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

/** Finds routes by method and path. */
export class RouteTable<T extends { readonly path: string; readonly method?: Method }> {
  readonly #router = makeRouter({ maxParamLength: 4096 });
  // The router's own store is untyped: it only carries the functions that are the keys here.
  readonly #routes = new Map<unknown, T>();

  constructor(routes: readonly T[]) {
    for (const route of routes) {
      const key = (): undefined => undefined;
      this.#routes.set(key, route);
      this.#router.on(route.method ?? "GET", route.path, key);
    }
  }

  /** The route of a URL, or `undefined`. */
  find(method: Method, path: string): Match<T> | undefined {
    const found = this.#router.find(method, path);
    const route = this.#routes.get(found?.handler);
    return route === undefined || found === null ? undefined : { route, parameters: found.params };
  }

  /**
   * The route of a URL.
   * @throws {Refusal} 404, or 405 with `Allow` when another method would do.
   */
  get(method: string, path: string): Match<T> {
    const known = methods.find((candidate) => candidate === method);
    const match = known === undefined ? undefined : this.find(known, path);
    if (match !== undefined) {
      return match;
    }
    const allowed = this.allowed(path);
    if (allowed.length > 0) {
      throw new Refusal("method-not-allowed", {
        headers: { Allow: [...allowed, "OPTIONS"].sort().join(",") },
      });
    }
    throw new Refusal("url-not-found", { data: path });
  }

  /** The methods that a path has. */
  allowed(path: string): Method[] {
    return methods.filter((method) => this.#router.find(method, path) !== null);
  }
}
