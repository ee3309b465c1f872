import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Exchange } from "./recordings.js";

/** Headers that describe how a body travelled, which the recording does not keep. */
const framing = new Set(["transfer-encoding", "content-length", "connection"]);

/** How the client sees after an upload that `callFor` sent that the file is there. */
const entry = { mode: "-rw-r--r--", size: 1, mtime: 0, filename: "a.txt" };
const proof = JSON.stringify({ files: JSON.stringify([entry]), errors: "" });

/** Answers every request with the recorded bytes of `current`, whatever was asked; websockets play its frames. */
export class ReplayServer {
  current: Exchange | undefined;
  readonly #hello: string;
  readonly #server: Server;
  readonly #upgrades = new WebSocketServer({ noServer: true });

  private constructor(hello: string) {
    this.#hello = hello;
    this.#server = createServer((request) => {
      request.resume().on("end", () => this.#answer(request));
    });
    this.#server.on("upgrade", (request, socket, head) => {
      if (this.current?.frames && this.current.status === 101) {
        this.#upgrades.handleUpgrade(request, socket, head, (client) => void play(client, this.current!));
      } else {
        this.#answer(request);
      }
    });
  }

  static async start(hello: { readonly version: string; readonly manager: string }): Promise<ReplayServer> {
    const replay = new ReplayServer(JSON.stringify(hello));
    replay.#server.listen(0, "127.0.0.1");
    await once(replay.#server, "listening");
    return replay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer({ socket, url = "" }: IncomingMessage): void {
    const { current } = this;
    if (/\/files\b/.test(url) && current?.path.endsWith("/upload") === true) {
      writeAnswer(socket, { status: 200, reason: "OK", headers: [], body: proof });
      return;
    }
    if (current?.status === 101 && /\/interrupt\b/.test(url)) {
      // whoever recorded a websocket that ends in the middle of a run sent nothing more; a client of ours ends the run
      writeAnswer(socket, { status: 204, reason: "No Content", headers: [], body: "" });
      return;
    }
    if (current === undefined) {
      writeAnswer(socket, { status: 200, reason: "OK", headers: [], body: this.#hello });
      return;
    }
    writeAnswer(socket, {
      status: current.status,
      reason: current.reason,
      headers: current.responseHeaders,
      body: current.body ?? current.stream ?? "",
    });
  }
}

interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | string;
}

/** Past Node's own response, so that the bytes are the recorded ones. */
function writeAnswer(socket: Duplex, { status, reason, headers, body }: RawAnswer): void {
  const kept = headers.filter(([name]) => !framing.has(name.toLowerCase()));
  const lines = kept.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines}Connection: close\r\n\r\n`);
  socket.end(body);
}

/** Sends what the server sent; a frame of the client's is waited for. */
async function play(socket: WebSocket, { frames = [] }: Exchange): Promise<void> {
  const received: unknown[] = [];
  let wake = (): void => undefined;
  socket.on("message", (data) => {
    received.push(data);
    wake();
  });
  socket.on("close", () => wake());
  for (const frame of frames) {
    if (frame.type === "tcp-abort") {
      socket.terminate();
      return;
    }
    if (frame.isFromServer && frame.type === "close") {
      break;
    }
    if (frame.isFromServer) {
      socket.send(frame.data, { binary: frame.type === "binary" });
    } else if (frame.type !== "close") {
      while (received.length === 0 && socket.readyState === socket.OPEN) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      received.shift();
    }
  }
  socket.close(1000);
}
