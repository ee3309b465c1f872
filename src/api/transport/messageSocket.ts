import type { WebSocket } from "ws";
import { whenAborted } from "../../base/abort.js";
import { AsyncQueue } from "../../base/asyncQueue.js";
import { bytesOf } from "../../base/bytes.js";
import { NetworkError, StreamClosedError, TimeoutError } from "../../base/errors.js";
import { DisposableStore } from "../../base/lifecycle.js";
import type { RequestLog } from "./requestLog.js";

/** A message of a websocket. */
export interface Message {
  readonly isBinary: boolean;
  readonly data: Buffer;
}

/** What a socket needs to know of itself. */
export interface MessageSocketOptions {
  readonly where: string;
  /** Silence, pongs included, after which the link counts as dead. */
  readonly idleMs: number;
  readonly log: RequestLog;
  /** Each ends the socket; its reader gets the reason. */
  readonly signals: readonly AbortSignal[];
}

/** Received bytes that wait for the reader before the server is made to wait. */
const receiveHighWaterBytes = 1024 * 1024;
/** Bytes on their way out above which `send` makes its caller wait. */
const sendHighWaterBytes = 1024 * 1024;
/** Wait for the other end's close frame before the connection is cut. */
const closeGraceMs = 2000;

/** A question whether everything sent so far has been read, until its pong comes. */
interface Receipt {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * An open websocket: messages as an async iterable with one reader, backpressure both ways, pings, and close codes as
 * errors. Iteration returns after a normal close (1000, or 1005: none given) or after {@link close}, else it throws
 * `StreamClosedError`, `NetworkError` or `TimeoutError` (`idle`), after everything received was read.
 */
export class MessageSocket implements AsyncIterable<Message> {
  readonly #socket: WebSocket;
  readonly #options: MessageSocketOptions;
  readonly #queue: AsyncQueue<Message>;
  readonly #store = new DisposableStore();
  readonly #closed: Promise<Error | undefined>;
  #failure: Error | undefined;
  readonly #receipts = new Map<string, Receipt>();
  #receiptCount = 0;
  #isClosing = false;
  #lastSign = performance.now();

  constructor(socket: WebSocket, options: MessageSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#queue = new AsyncQueue(receiveHighWaterBytes, () => this.#resume());
    this.#closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        resolve(this.#ended(code, reason.toString("utf8")));
      });
    });
    socket.on("message", (data, isBinary) => this.#received({ data: bytesOf(data), isBinary }));
    socket.on("pong", (payload) => {
      this.#alive();
      this.#receipts.get(payload.toString("latin1"))?.resolve();
    });
    socket.on("ping", () => this.#alive());
    socket.on("error", (error) => {
      this.#failure ??= new NetworkError(`${options.where}: ${error.message}`, undefined, { cause: error });
    });
    for (const signal of options.signals) {
      this.#store.defer(whenAborted(signal, (reason) => this.#fail(reason)));
    }
    this.#watchSilence(options.idleMs);
    socket.resume();
  }

  /** Whether messages can be sent. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && !this.#isClosing;
  }

  /** Resolves when the connection is over, with what its reader is told at the end: `undefined` after a normal close. */
  get over(): Promise<Error | undefined> {
    return this.#closed;
  }

  /** Bytes handed to `send` that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /**
   * Sends text or bytes in one message. Resolves at once while little is buffered, else when this message has left.
   * @throws {StreamClosedError} when the socket is closed.
   */
  async send(data: string | Uint8Array): Promise<void> {
    if (!this.isOpen) {
      throw this.#closedError();
    }
    this.#options.log.frame("→", typeof data === "string" ? "text" : "binary", data.length);
    const sent = new Promise<void>((resolve, reject) => {
      this.#socket.send(data, (error) => {
        if (error) {
          reject(new NetworkError(`${this.#options.where}: ${error.message}`, undefined, { cause: error }));
        } else {
          resolve();
        }
      });
    });
    if (this.bufferedBytes > sendHighWaterBytes) {
      await sent;
    } else {
      sent.catch(() => undefined); // the reader learns of a broken connection
    }
  }

  /**
   * Resolves when the server has read everything that was sent so far: it answers a ping behind it, and reads in order.
   * @throws {TimeoutError} (`idle`) when no answer came for `ms` milliseconds; then the connection counts as dead and ends.
   * @throws {StreamClosedError}
   */
  async delivered(ms: number): Promise<void> {
    if (!this.isOpen) {
      throw this.#closedError();
    }
    this.#receiptCount += 1;
    const payload = String(this.#receiptCount);
    try {
      await new Promise<void>((resolve, reject) => {
        const overdue = (): void => {
          if (this.#socket.isPaused) {
            receipt.timer.refresh(); // our own reader is behind: the answer waits with everything else
          } else {
            this.#fail(new TimeoutError("idle", ms, this.#options.where));
          }
        };
        const receipt: Receipt = { resolve, reject, timer: setTimeout(overdue, ms) };
        this.#receipts.set(payload, receipt);
        this.#socket.ping(payload);
      });
    } finally {
      clearTimeout(this.#receipts.get(payload)?.timer);
      this.#receipts.delete(payload);
    }
  }

  /** Sends what is buffered and a close frame; resolves when the connection is gone, after at most two seconds. */
  async close(code = 1000): Promise<void> {
    this.#isClosing = true;
    this.#socket.resume(); // a paused socket would never see the other end's close frame
    this.#socket.close(code);
    const cut = setTimeout(() => this.#socket.terminate(), closeGraceMs);
    try {
      await this.#closed;
    } finally {
      clearTimeout(cut);
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    return this.#queue[Symbol.asyncIterator]();
  }

  #closedError(): Error {
    return (
      this.#failure ?? new StreamClosedError(undefined, `${this.#options.where}: the connection is closed`)
    );
  }

  #received(message: Message): void {
    this.#alive();
    this.#options.log.frame("←", message.isBinary ? "binary" : "text", message.data.length);
    if (!this.#isClosing && !this.#queue.push(message, message.data.length)) {
      this.#socket.pause();
    }
  }

  #resume(): void {
    this.#alive(); // silence while we did not listen is no sign
    this.#socket.resume();
  }

  #alive(): void {
    this.#lastSign = performance.now();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#socket.terminate();
  }

  #ended(code: number, reason: string): Error | undefined {
    this.#store.dispose();
    for (const receipt of this.#receipts.values()) {
      receipt.reject(this.#closedError());
    }
    const isOurs = this.#isClosing && !this.#options.signals.some(({ aborted }) => aborted);
    const error = isOurs ? undefined : (this.#failure ?? closeErrorOf(this.#options.where, code, reason));
    this.#queue.end(error);
    return error;
  }

  #watchSilence(idleMs: number): void {
    const timer = setInterval(() => {
      if (this.#socket.isPaused) {
        return;
      }
      if (performance.now() - this.#lastSign > idleMs) {
        this.#fail(new TimeoutError("idle", idleMs, this.#options.where));
      } else if (this.isOpen) {
        this.#socket.ping();
      }
    }, idleMs / 3);
    this.#store.defer(() => clearInterval(timer));
  }
}

/** What a close code means for the reader: `undefined` is a normal end. */
function closeErrorOf(where: string, code: number, reason: string): Error | undefined {
  if (code === 1000 || code === 1005) {
    return undefined;
  }
  const words = reason || (closeWords[code] ?? "the server closed the connection");
  return new StreamClosedError(code, `${where}: ${words} (${code})`);
}

const closeWords: Readonly<Record<number, string>> = {
  1001: "the other end went away",
  1006: "the connection was lost",
  1009: "a message was too large",
  1011: "the server failed",
  1013: "the port inside the session refused the connection",
};
