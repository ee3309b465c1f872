import type { IncomingMessage } from "node:http";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import type { Account } from "../auth/account.js";
import { checkOwner } from "../auth/ownership.js";
import type { Authenticator } from "../auth/authenticator.js";
import type { RateLimit } from "../auth/rateLimit.js";
import type { WebSessions } from "../auth/logins/webSessions.js";
import type { Era } from "../era.js";
import { Call } from "./call.js";
import { preflight, withCors } from "./transport/cors.js";
import type { Guard } from "./transport/guard.js";
import { Refusal, renderRefusal } from "./refusal.js";
import { problem, type Reply } from "./reply.js";
import type { Route, RouteTable, SocketRoute } from "./routes.js";
import type { Responder } from "./transport/server.js";
import type { SocketHub } from "./transport/socketHub.js";

/** What a dispatcher is made of. */
export interface DispatcherParts {
  readonly era: Era;
  readonly routes: RouteTable<Route>;
  readonly sockets: RouteTable<SocketRoute>;
  /** `/server/*` and `/func/`: the web server's own routes. */
  readonly webRoutes: RouteTable<Route>;
  readonly authenticator: Authenticator;
  readonly webSessions: WebSessions;
  readonly rateLimit: RateLimit;
  readonly logger: Logger;
}

/** Where a request is meant to go. */
interface Target {
  /** Path without the query and without `/func`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Whether it came through the web server, which authenticates by cookie. */
  readonly web: boolean;
}

/** Takes requests through guard, version, authentication and rate limit to their handler, and renders what is thrown. */
export class Dispatcher implements Responder {
  constructor(readonly parts: DispatcherParts) {}

  async respond(request: IncomingMessage, guard: Guard, signal: AbortSignal): Promise<Reply> {
    const { logger } = this.parts;
    try {
      guard.check(request);
      const target = targetOf(request);
      if (request.method === "OPTIONS") {
        return preflight(request, this.parts.routes.allowed(target.path));
      }
      return withCors(request, await this.#handle(request, target, signal));
    } catch (error) {
      return this.#render(error, `${request.method ?? ""} ${pathOf(request)}`, logger);
    }
  }

  async upgrade(
    request: IncomingMessage,
    guard: Guard,
    hub: SocketHub,
    signal: AbortSignal,
  ): Promise<Reply | "open"> {
    const { sockets, authenticator, era, logger } = this.parts;
    try {
      guard.check(request);
      const target = targetOf(request);
      authenticator.checkVersion(request.headers);
      const { route, parameters } = sockets.get("GET", target.path);
      const { account } = this.#identify(request, target);
      const talk = await route.open(new Call(request, era, account, parameters, target.query, signal));
      const socket = await hub.accept(request);
      if (socket !== undefined) {
        void Promise.resolve(talk(socket)).catch((error: unknown) => {
          logger.warn(`a websocket ended early: ${messageOf(error)}`);
          socket.terminate();
        });
      }
      return "open";
    } catch (error) {
      return this.#render(error, `upgrade ${pathOf(request)}`, logger);
    }
  }

  async #handle(request: IncomingMessage, target: Target, signal: AbortSignal): Promise<Reply> {
    const { routes, webRoutes, authenticator, era } = this.parts;
    const method = (methodOverride(request) ?? request.method ?? "GET").toUpperCase();
    const web = webRoutes.find(asMethod(method), pathOf(request));
    if (web !== undefined) {
      const { account } = authenticator;
      return web.route.handle(new Call(request, era, account, web.parameters, target.query, signal));
    }
    authenticator.checkVersion(request.headers);
    const { route, parameters } = routes.get(method, target.path);
    const { account, headers } =
      route.auth === "none"
        ? { account: authenticator.account, headers: {} }
        : this.#identify(request, target);
    checkOwner({ method, path: target.path, query: target.query }, account, era);
    const reply = await route.handle(new Call(request, era, account, parameters, target.query, signal));
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  /** Who asks, counted against the rate limit. */
  #identify(
    request: IncomingMessage,
    target: Target,
  ): { account: Account; headers: Readonly<Record<string, string>> } {
    const { authenticator, webSessions, rateLimit } = this.parts;
    if (target.web) {
      if (!webSessions.isLoggedIn(request.headers)) {
        throw new Refusal("not-logged-in");
      }
      return { account: authenticator.account, headers: {} };
    }
    const account = authenticator.authenticate(request);
    return { account, headers: rateLimit.take() };
  }

  #render(error: unknown, what: string, logger: Logger): Reply {
    if (!(error instanceof Refusal)) {
      // What went wrong inside is for the log: an answer must not leak it.
      logger.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    const refusal = error instanceof Refusal ? error : new Refusal("internal");
    const { status, headers, body } = renderRefusal(refusal, this.parts.era);
    return problem(body, status, headers);
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

function targetOf(request: IncomingMessage): Target {
  const url = request.url ?? "/";
  const path = pathOf(request) || "/";
  const web = path === "/func" || path.startsWith("/func/");
  const inner = web ? path.slice("/func".length) || "/" : path;
  return {
    path: inner.length > 1 && inner.endsWith("/") ? inner.slice(0, -1) : inner,
    query: new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?") + 1) : ""),
    web,
  };
}

function methodOverride(request: IncomingMessage): string | undefined {
  const value = request.headers["x-method-override"];
  return Array.isArray(value) ? value[0] : value;
}

function asMethod(method: string): Route["method"] {
  const known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
  return known.find((candidate) => candidate === method) ?? "GET";
}
