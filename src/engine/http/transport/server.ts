import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { BackendAIError, messageOf } from "../../../base/errors.js";
import type { Logger } from "../../../base/logger.js";
import { Guard } from "./guard.js";
import type { Reply } from "../reply.js";
import { SocketHub } from "./socketHub.js";

/** Says that the engine cannot listen where it was asked to. */
export class ListenError extends BackendAIError {
  readonly code = "LISTEN";

  constructor(port: number, reason: string, options?: ErrorOptions) {
    super(`The engine cannot listen on 127.0.0.1:${String(port)}: ${reason}.`, options);
  }
}

/** Answers requests; never throws. */
export interface Responder {
  /** Gives the answer to a request that has passed no check yet. */
  respond(request: IncomingMessage, guard: Guard, signal: AbortSignal): Promise<Reply>;
  /** Takes or refuses a websocket upgrade. */
  upgrade(
    request: IncomingMessage,
    guard: Guard,
    hub: SocketHub,
    signal: AbortSignal,
  ): Promise<Reply | "open">;
}

/** A listening server on loopback: bytes in, bytes out, and the end of every connection. */
export class HttpServer {
  readonly #hub = new SocketHub();

  private constructor(
    readonly server: Server,
    readonly guard: Guard,
    readonly port: number,
  ) {}

  /**
   * Starts to listen on 127.0.0.1.
   * @param port 0 takes a free one.
   * @throws {ListenError} when the port is taken or not allowed.
   */
  static async listen(port: number, responder: Responder, logger: Logger): Promise<HttpServer> {
    const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 });
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        const reason = error.code === "EADDRINUSE" ? "the port is in use" : messageOf(error);
        reject(new ListenError(port, reason, { cause: error }));
      });
      server.listen(port, "127.0.0.1", resolve);
    });
    const actual = portOf(server.address());
    const listening = new HttpServer(server, new Guard(actual), actual);
    server.on("request", (request, response) => {
      void listening.#answer(request, response, responder, logger);
    });
    server.on("upgrade", (request, socket, head) => {
      void listening.#upgrade(request, socket, head, responder);
    });
    return listening;
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    this.#hub.dispose();
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    this.server.closeAllConnections();
    await closed;
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    responder: Responder,
    logger: Logger,
  ): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const reply = await responder.respond(request, this.guard, gone.signal);
    if (response.destroyed) {
      return;
    }
    response.sendDate = true;
    response.writeHead(reply.status, { ...reply.headers, Server: "BackendAI", ...lengthOf(request, reply) });
    if (typeof reply.body !== "function") {
      response.end(request.method === "HEAD" ? undefined : reply.body);
      return;
    }
    try {
      if (request.method !== "HEAD") {
        await reply.body(response);
      }
      response.end();
    } catch (error) {
      logger.warn(`a stream ended early: ${messageOf(error)}`);
      response.destroy();
    }
  }

  async #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    responder: Responder,
  ): Promise<void> {
    const gone = new AbortController();
    // Nobody else listens for errors of a socket before its upgrade.
    const onError = (): void => {
      socket.destroy();
    };
    socket.on("error", onError);
    socket.on("close", () => gone.abort());
    this.#hub.expect(request, socket, head);
    const outcome = await responder.upgrade(request, this.guard, this.#hub, gone.signal);
    if (outcome !== "open") {
      writeRefusal(socket, outcome);
    }
    this.#hub.forget(request);
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

function lengthOf(request: IncomingMessage, reply: Reply): Record<string, string> {
  const isBare = reply.status === 204 || (reply.status === 200 && request.method === "HEAD");
  return isBare || typeof reply.body === "function"
    ? {}
    : { "Content-Length": String(Buffer.byteLength(reply.body)) };
}

/** An HTTP answer on a socket that asked for an upgrade. */
function writeRefusal(socket: Duplex, reply: Reply): void {
  const body = typeof reply.body === "function" ? "" : reply.body;
  const headers = {
    ...reply.headers,
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    Server: "BackendAI",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${String(reply.status)} Refused\r\n${lines.join("")}\r\n${body.toString()}`);
}
