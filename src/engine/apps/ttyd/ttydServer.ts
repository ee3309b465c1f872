import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { ProcessHost } from "../../execution/index.js";
import { TtydConnection } from "./ttydConnection.js";
import { pageFile } from "./ttydPage.js";

const subprotocol = "tty";
/** The longest message of a client. */
const messageLimitBytes = 1024 * 1024;
const localHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** The web terminal of one session, in ttyd's protocol. It listens nowhere. */
export class TtydServer {
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: messageLimitBytes,
    handleProtocols: (offered) => offered.has(subprotocol) && subprotocol,
  });

  /** @param processes Where terminals start; throws when the session has ended. */
  constructor(processes: () => ProcessHost) {
    this.#http = createServer((request, response) => answer(request, response));
    this.#http.on("upgrade", (request, socket, head) => {
      if (!isWelcome(request) || pathOf(request) !== "/ws") {
        socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (websocket) => {
        new TtydConnection(websocket, processes);
      });
    });
  }

  /** Talks to a client until either ends the connection. */
  serve(connection: Duplex): void {
    this.#http.emit("connection", connection);
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request);
  if (!isWelcome(request)) {
    response.writeHead(403).end();
  } else if (request.method !== "GET") {
    response.writeHead(405, { Allow: "GET" }).end();
  } else if (path === "/token") {
    const body = '{"token": ""}';
    const head = { "content-type": "application/json;charset=utf-8", "content-length": String(body.length) };
    response.writeHead(200, head).end(body);
  } else {
    pageFile(path).then(
      (file) =>
        (file === undefined ? response.writeHead(404) : response.writeHead(200, file.head)).end(file?.body),
      () => response.writeHead(500).end(),
    );
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").replace(/\?.*$/s, "");
}

/**
 * Keeps the pages of other sites out where the terminal was made a port of the user's browser: the `Host` has to be this
 * computer, and an `Origin` the page of the terminal itself.
 */
function isWelcome({ headers: { host, origin } }: IncomingMessage): boolean {
  return host !== undefined && localHost.test(host) && (origin === undefined || origin === `http://${host}`);
}
