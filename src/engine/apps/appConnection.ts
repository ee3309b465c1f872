import { duplexPair, type Duplex } from "node:stream";

/** Bytes on their way from one end to the other above which a writer has to wait. */
const highWaterBytes = 256 * 1024;

/** Two ends of a connection inside the engine, for apps without a port. When one end is gone, so is the other. */
export function connectedPair(): [client: Duplex, server: Duplex] {
  const [client, server] = duplexPair({ highWaterMark: highWaterBytes });
  for (const [end, other] of [
    [client, server],
    [server, client],
  ] as const) {
    end.on("error", () => undefined); // its end tells all that there is to tell
    end.once("close", () => other.destroy());
    end.setMaxListeners(0); // every channel of an ssh connection waits for its drain
  }
  return [client, server];
}

/** The connections of one app that are open. */
export class OpenConnections {
  readonly #open = new Set<Duplex>();

  /** A connection: the app's end goes to `serve`, the other end is the answer. */
  connect(serve: (server: Duplex) => void): Duplex {
    const [client, server] = connectedPair();
    this.#open.add(server);
    server.once("close", () => this.#open.delete(server));
    serve(server);
    return client;
  }

  /** Breaks all of them. */
  breakAll(): void {
    this.#open.forEach((server) => server.destroy());
  }
}
