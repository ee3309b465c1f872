import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { BackendAIClient, type ConnectOptions } from "../../../../src/api/index.js";

/** A request that arrived whole. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** What to answer: a record becomes JSON. */
export type Answer = (request: Received, response: ServerResponse) => unknown;

/** A small server on loopback that does what a test tells it. `GET /` is its hello. */
export class ScriptedServer {
  readonly received: Received[] = [];
  /** Connections that were made to it. */
  connections = 0;
  /** Answers everything but hello, and that too when there is none; a returned record is sent as JSON with status 200. */
  answer: Answer = () => ({});
  /** Takes a websocket, or refuses the upgrade by the status and body that it returns. */
  socket: (socket: WebSocket, request: IncomingMessage) => void = () => undefined;
  /** Whether upgrades are never answered. */
  holdsUpgrades = false;
  refusal: { readonly status: number; readonly body: string } | undefined;
  hello:
    | { readonly version: string; readonly manager?: string; readonly defects?: readonly string[] }
    | undefined = {
    version: "v8.20240915",
    manager: "24.09.14",
  };
  readonly #held: Duplex[] = [];
  readonly #server: Server;
  readonly #upgrades = new WebSocketServer({ noServer: true });

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        if (!request.destroyed || request.complete) {
          throw error; // not a client that went away in the middle, which some tests do on purpose
        }
      });
    });
    this.#server.on("connection", () => (this.connections += 1));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The requests after hello, as `POST /session/x`. */
  get lines(): string[] {
    return this.received.filter(({ url }) => url !== "/").map(({ method, url }) => `${method} ${url}`);
  }

  async stop(): Promise<void> {
    for (const socket of this.#upgrades.clients) {
      socket.terminate();
    }
    for (const socket of this.#held) {
      socket.destroy();
    }
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) {
      pieces.push(piece as Buffer);
    }
    const { method = "", url = "", headers } = request;
    const received = { method, url, headers, body: Buffer.concat(pieces) };
    this.received.push(received);
    const isHello = this.hello !== undefined && (url === "/" || url === "/func/");
    const result = isHello ? this.hello : await this.answer(received, response);
    if (result !== undefined && !response.headersSent) {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(result));
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.received.push({ method: "WS", url: request.url ?? "", headers: request.headers, body: head });
    if (this.holdsUpgrades) {
      this.#held.push(socket);
      return;
    }
    if (this.refusal) {
      const { status, body } = this.refusal;
      const type = "Content-Type: application/problem+json\r\n";
      socket.end(`HTTP/1.1 ${status} No\r\n${type}Content-Length: ${body.length}\r\n\r\n${body}`);
      return;
    }
    this.#upgrades.handleUpgrade(request, socket, head, (client) => this.socket(client, request));
  }
}

/** Answers with a problem body. */
export function problem(response: ServerResponse, status: number, slug: string, more: object = {}): void {
  response.writeHead(status, { "Content-Type": "application/problem+json" });
  const type = `https://api.backend.ai/probs/${slug}`;
  response.end(JSON.stringify({ type, title: slug, ...more }));
}

export const exampleKey = {
  type: "keypair",
  accessKey: "AKIAIOSFODNN7EXAMPLE",
  secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
} as const;

/** A client of `server`; close it. */
export async function connectTo(
  server: ScriptedServer,
  options: Partial<ConnectOptions> = {},
): Promise<BackendAIClient> {
  return BackendAIClient.connect({ endpoint: server.url, credentials: exampleKey, ...options });
}

/** Starts a server and a client around each test of a `describe`. */
export function withServer(options: Partial<ConnectOptions> = {}): {
  server: ScriptedServer;
  client: BackendAIClient;
  /** Connects again after `server.hello` was changed. */
  reconnect(more?: Partial<ConnectOptions>): Promise<void>;
} {
  const pair = {
    server: undefined as unknown as ScriptedServer,
    client: undefined as unknown as BackendAIClient,
    async reconnect(more: Partial<ConnectOptions> = {}) {
      await pair.client.close();
      pair.client = await connectTo(pair.server, { ...options, ...more });
    },
  };
  beforeEach(async () => {
    pair.server = await ScriptedServer.start();
    pair.client = await connectTo(pair.server, options);
  });
  afterEach(async () => {
    await pair.client.close();
    await pair.server.stop();
  });
  return pair;
}

/** Everything that an iterable gives. */
export async function drain<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}
