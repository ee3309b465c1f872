import { limits } from "../../wire/limits.js";
import type { MessageSocket } from "../transport/messageSocket.js";

/** Largest piece in one frame. */
const pieceBytes = Math.floor(limits.websocketMessageBytes / 64);

/**
 * One TCP connection into a session: write bytes, iterate bytes (once). Both ways make the faster end wait. Iteration ends
 * on a normal close and throws `StreamClosedError` otherwise: code 1013 when nothing listens on the port, 1011 when the server
 * failed, 1001 when the other end hung up. Who opens it, closes it.
 */
export class TunnelSocket implements AsyncIterable<Uint8Array> {
  readonly #socket: MessageSocket;

  constructor(socket: MessageSocket) {
    this.#socket = socket;
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** Bytes written that have not left yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  /**
   * Resolves at once while little is on its way, else when this has left.
   * @throws {StreamClosedError}
   */
  async write(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      await this.#socket.send(bytes.subarray(start, start + pieceBytes)); // text frames would be ignored
    }
  }

  /**
   * Resolves when the server has read everything written so far.
   * @throws {TimeoutError} (`idle`) after `ms` milliseconds without an answer; the connection is dead then.
   * @throws {StreamClosedError}
   */
  async delivered(ms: number): Promise<void> {
    await this.#socket.delivered(ms);
  }

  /** Sends what is on its way and closes. */
  async close(): Promise<void> {
    await this.#socket.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const { data, isBinary } of this.#socket) {
      if (isBinary) {
        yield data;
      }
    }
  }
}
