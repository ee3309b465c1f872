import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Fault, FaultRule, SeenRequest } from "./fault.js";
import { Relay } from "./relay.js";

/** A certificate to show in the place of a server that speaks no TLS. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * An HTTP proxy on loopback that breaks what goes through it: on demand, as a network does, or as its rules say, request by request. It
 * takes CONNECT alone, so that servers see their own name and requests as they were signed. Who starts it stops it.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #relays = new Set<Relay>();
  readonly #open = new Set<Duplex>();
  #rules: { readonly rule: FaultRule; left: number }[] = [];
  #isArmed = false;
  #isSilent = false;
  /** Shown to clients that begin TLS inside their tunnels; what they say goes on to the server in the clear. */
  certificate: ServerCertificate | undefined;
  /** Requests in the order in which they came. */
  readonly seen: SeenRequest[] = [];
  /** Those that went on to the server as a whole. */
  readonly delivered: SeenRequest[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
    server.on("connect", ({ url = "" }, near: Duplex, head: Buffer) => {
      if (near instanceof Socket) {
        this.#take(near, head, url);
      }
    });
  }

  static async start(): Promise<FaultProxy> {
    const server = createServer((_, response) => response.writeHead(405).end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultProxy(server);
  }

  /** The `proxy` to connect with. */
  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Connections that clients have open. */
  get connections(): number {
    return this.#open.size;
  }

  /** From now on requests that match meet this fault; the rule that was added last counts first. */
  inject(rule: FaultRule): void {
    this.#rules.unshift({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** Takes all rules back. Connections that met one stay as they are. */
  heal(): void {
    this.#rules = [];
    this.#isSilent = false;
  }

  /** Breaks all connections at once, both ways, with whatever is on its way. New ones are welcome. */
  cut(): void {
    for (const relay of this.#relays) {
      relay.reset();
    }
  }

  /** Breaks the next new connection as soon as it carries something to the server, and all others with it. */
  cutNext(): void {
    this.#isArmed = true;
  }

  /** The network is gone without a word: nothing that is open carries anything any more, and new connections get no answer. */
  vanish(): void {
    this.#isSilent = true;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    this.cut();
    for (const socket of this.#open) {
      socket.destroy();
    }
    await once(this.#server, "close");
  }

  #take(socket: Socket, head: Buffer, authority: string): void {
    socket.on("error", () => undefined); // its close tells
    if (this.#isSilent) {
      return;
    }
    const { hostname, port } = new URL(`http://${authority}`);
    const far = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    const refuse = (): void => void socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    far.on("error", () => undefined);
    far.once("close", refuse);
    far.once("connect", () => {
      far.off("close", refuse);
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (head.length > 0) {
        socket.unshift(head);
      }
      this.#relay(socket, far);
    });
  }

  #relay(socket: Socket, far: Socket): void {
    if (this.#isArmed) {
      this.#isArmed = false;
      socket.once("data", () => this.cut());
    }
    const { certificate } = this;
    const near =
      certificate === undefined ? socket : new TLSSocket(socket, { isServer: true, ...certificate });
    near.on("error", () => socket.destroy());
    const relay = new Relay({
      near,
      far,
      sockets: [socket, far],
      onRequest: (request) => this.#faultOf(request),
      onDelivered: (request) => this.delivered.push(request),
      isSilent: () => this.#isSilent,
    });
    this.#relays.add(relay);
    const end = (): void => {
      this.#relays.delete(relay);
      relay.end();
      socket.destroy();
      far.destroy();
    };
    socket.once("close", end);
    void relay.run();
  }

  #faultOf(request: SeenRequest): Fault | undefined {
    this.seen.push(request);
    const met = this.#rules.find(({ rule, left }) => left > 0 && rule.matches(request));
    if (met === undefined) {
      return undefined;
    }
    met.left -= 1;
    return met.rule.fault;
  }
}
