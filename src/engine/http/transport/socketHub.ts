import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { Disposable } from "../../../base/lifecycle.js";
import { limits } from "../../../wire/limits.js";

interface Pending {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Turns upgrade requests into websockets, and owns the open ones. */
export class SocketHub implements Disposable {
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.websocketMessageBytes,
    clientTracking: true,
  });
  readonly #pending = new WeakMap<IncomingMessage, Pending>();

  /** Remembers the raw socket of an upgrade request that is being judged. */
  expect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#pending.set(request, { socket, head });
  }

  forget(request: IncomingMessage): void {
    this.#pending.delete(request);
  }

  /** Completes the handshake; `undefined` when the client has gone meanwhile. */
  async accept(request: IncomingMessage): Promise<WebSocket | undefined> {
    const pending = this.#pending.get(request);
    if (pending === undefined || pending.socket.destroyed) {
      return undefined;
    }
    return new Promise((resolve) => {
      pending.socket.once("close", () => resolve(undefined));
      this.#server.handleUpgrade(request, pending.socket, pending.head, (socket) => {
        // A protocol error closes the socket by itself; nobody needs to hear of it.
        socket.on("error", () => undefined);
        resolve(socket);
      });
    });
  }

  dispose(): void {
    for (const socket of this.#server.clients) {
      socket.terminate();
    }
    this.#server.close();
  }
}
