import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * An HTTP proxy on loopback that breaks its connections on demand, as a network does. It takes CONNECT alone, so that servers
 * see their own name and requests as they were signed. Who starts it stops it.
 */
export class CuttingProxy {
  readonly #server: Server;
  readonly #relays = new Set<() => void>();
  #isArmed = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connect", ({ url = "" }, near, head: Buffer) => this.#relay(near, head, url));
  }

  static async start(): Promise<CuttingProxy> {
    const server = createServer((_, response) => response.writeHead(405).end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CuttingProxy(server);
  }

  /** The `proxy` to connect with. */
  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Breaks all connections at once, both ways, with whatever is on its way. New ones are welcome. */
  cut(): void {
    for (const end of this.#relays) {
      end();
    }
  }

  /** Breaks the next new connection as soon as it carries something to the server, and all others with it. */
  cutNext(): void {
    this.#isArmed = true;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    this.cut();
    await once(this.#server, "close");
  }

  #relay(near: Duplex, head: Buffer, authority: string): void {
    const { hostname, port } = new URL(`http://${authority}`);
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    const end = (): void => {
      for (const socket of [near, far]) {
        if (socket instanceof Socket) {
          socket.resetAndDestroy();
        }
      }
    };
    this.#relays.add(end);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on("error", () => undefined); // its close tells
      socket.on("close", () => {
        this.#relays.delete(end);
        other.destroy();
      });
      socket.pipe(other);
    }
    if (this.#isArmed) {
      this.#isArmed = false;
      near.once("data", () => this.cut());
    }
    far.once("connect", () => near.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    far.write(head);
  }
}
