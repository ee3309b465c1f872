import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { anySignal, delay, whenAborted } from "../../base/abort.js";
import { messageOf, TimeoutError } from "../../base/errors.js";
import { limits } from "../../wire/limits.js";
import type { ProxyOrigin } from "../errors.js";
import type { TlsOptions } from "../options.js";
import { tlsOptions } from "./dispatcher.js";
import { errorOf, isStumble } from "./errorMapping.js";
import { MessageSocket } from "./messageSocket.js";
import { networkErrorOf } from "./networkError.js";
import { retryDelayMs } from "./patience.js";
import { connectThroughProxy } from "./proxyTunnel.js";
import type { Query } from "./query.js";
import { RequestLog } from "./requestLog.js";
import type { Transport } from "./transport.js";

/** Which websocket to open. */
export interface SocketSpec {
  /** Path on the manager, already percent-encoded. */
  readonly path: string;
  /** The path as documented, for messages. */
  readonly route: string;
  readonly query?: Query | undefined;
  /** Ends the handshake, and later the socket itself. */
  readonly signal?: AbortSignal | undefined;
}

/** Opens signed websockets; the address, the headers and the deadlines are the transport's. */
export class SocketDialer {
  readonly #transport: Transport;
  readonly #tls: TlsOptions | undefined;
  readonly #proxy: ProxyOrigin | undefined;
  readonly #now: () => Date;
  readonly #ended: AbortSignal;

  constructor(options: {
    readonly transport: Transport;
    readonly tls: TlsOptions | undefined;
    readonly proxy: ProxyOrigin | undefined;
    readonly now: () => Date;
    /** Ends every socket. */
    readonly ended: AbortSignal;
  }) {
    this.#transport = options.transport;
    this.#tls = options.tls;
    this.#proxy = options.proxy;
    this.#now = options.now;
    this.#ended = options.ended;
  }

  /**
   * @returns An open socket; who opens it, closes it.
   * @throws {ApiError} for a refused upgrade, with the problem of its body.
   * @throws {NetworkError}
   * @throws {TimeoutError}
   * (`handshake`). The signal's reason when it aborts.
   */
  async open(spec: SocketSpec): Promise<MessageSocket> {
    // Heard one by one: a signal of both costs more than the handshake's headers.
    const signals = spec.signal === undefined ? [this.#ended] : [spec.signal, this.#ended];
    try {
      return await this.#attempt(spec, signals);
    } catch (error) {
      if (!isStumble(error)) {
        throw error;
      }
      this.#transport.logger.debug(`GET ${spec.route} again: ${messageOf(error)}`);
      await delay(retryDelayMs, anySignal(...signals));
      return this.#attempt(spec, signals);
    }
  }

  async #attempt(spec: SocketSpec, signals: readonly AbortSignal[]): Promise<MessageSocket> {
    for (const signal of signals) {
      signal.throwIfAborted();
    }
    const { timeouts, logger } = this.#transport;
    const sentAt = this.#now();
    const { url, headers } = this.#transport.authenticate("GET", spec.path, spec.query);
    const log = new RequestLog(logger, "GET", url.pathname);
    const where = `GET ${spec.route}`;
    try {
      const socket = this.#dial(url, headers);
      await opened(socket, { where, path: url.pathname, sentAt, limitMs: timeouts.handshakeMs, signals });
      log.end(101);
      return new MessageSocket(socket, { where, idleMs: timeouts.idleMs, log, signals });
    } catch (error) {
      const isOwn = signals.some(({ aborted, reason }) => aborted && error === reason);
      const translated =
        isOwn && error instanceof Error
          ? error
          : networkErrorOf(error, { where, connectMs: timeouts.connectMs });
      log.end(translated.name);
      throw translated;
    }
  }

  #dial(url: URL, headers: Record<string, string>): WebSocket {
    const target = new URL(url);
    target.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(target, {
      headers,
      perMessageDeflate: false,
      maxPayload: limits.websocketMessageBytes,
      ...tlsOptions(this.#tls),
      ...this.#tunnel(target),
    });
  }

  /** `createConnection` for Node's `http`, which may answer later through the callback. */
  #tunnel(target: URL): object {
    if (this.#proxy === undefined) {
      return {};
    }
    const proxy = this.#proxy;
    const tls = tlsOptions(this.#tls);
    const { connectMs } = this.#transport.timeouts;
    return {
      createConnection: (_: unknown, done: (error: Error | null, stream?: Duplex) => void) => {
        connectThroughProxy({ proxy, target, tls, connectMs }).then(
          (stream) => done(null, stream),
          (error: unknown) => done(networkErrorOf(error, { where: "proxy", connectMs })),
        );
      },
    };
  }
}

/** How a handshake is waited for. */
interface Handshake {
  readonly where: string;
  readonly path: string;
  readonly sentAt: Date;
  readonly limitMs: number;
  readonly signals: readonly AbortSignal[];
}

/** Waits for the end of the handshake; a socket that did not open is gone afterwards. */
async function opened(socket: WebSocket, handshake: Handshake): Promise<void> {
  const { where, limitMs, signals } = handshake;
  let timer: NodeJS.Timeout | undefined;
  let leave: readonly (() => void)[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new TimeoutError("handshake", limitMs, where)), limitMs);
      leave = signals.map((signal) => whenAborted(signal, reject));
      socket.once("open", () => {
        socket.pause(); // a message that came with the handshake waits for the reader's listeners
        resolve();
      });
      socket.once("error", reject);
      socket.once("unexpected-response", (_, response) => {
        refusalOf(response, handshake).then(reject, reject);
      });
    });
  } catch (error) {
    socket.on("error", () => undefined); // terminating an unopened socket reports one more
    socket.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
    for (const each of leave) {
      each();
    }
    socket.removeAllListeners("unexpected-response");
  }
}

/** The error of an upgrade that was answered by something else. */
async function refusalOf(response: IncomingMessage, { path, sentAt }: Handshake): Promise<Error> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response.iterator({ destroyOnReturn: true })) {
    const bytes = Buffer.from(piece as Uint8Array);
    pieces.push(bytes);
    size += bytes.length;
    if (size > 64 * 1024) {
      break; // more than any problem body
    }
  }
  return errorOf({
    method: "GET",
    path,
    status: response.statusCode ?? 0,
    body: Buffer.concat(pieces).toString("utf8"),
    header: (name) => response.headers[name]?.toString(),
    sentAt,
  });
}
