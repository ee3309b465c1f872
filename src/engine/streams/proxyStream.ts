import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { bytesOf } from "../../base/bytes.js";
import { messageOf } from "../../base/errors.js";
import type { Call } from "../http/call.js";
import { Refusal } from "../http/refusal.js";
import type { SocketRoute, SocketTalk } from "../http/routes.js";
import type { EngineParts } from "../routes/engineParts.js";
import { runningSession } from "../routes/sessions/sessionRoutes.js";
import type { Service, Session } from "../sessions/session.js";
import { highWaterBytes } from "./message.js";

/** Pieces of an app's bytes that are gathered into one message at most. */
const mostPieces = 16;

/** `/stream/session/{id}/tcpproxy` and `httpproxy`: the bytes of one connection to an app (`protocol.md` §3.3). */
export function proxyRoutes(parts: EngineParts): SocketRoute[] {
  const { prefix } = parts.era.dialect;
  const open = (call: Call): SocketTalk => openProxy(call, parts);
  return ["tcpproxy", "httpproxy"].map((name) => ({ path: `/stream${prefix}/:id/${name}`, open }));
}

/** Only checks: the app is called when the websocket is open, so that nobody has to hang up for a client that left. */
function openProxy(call: Call, parts: EngineParts): SocketTalk {
  const session = runningSession(parts.sessions.store.get(call.part("id")));
  const service = serviceOf(session, call);
  return async (socket) => {
    socket.pause(); // nobody takes messages yet
    const upstream = await service.connect().catch((error: unknown) => {
      parts.logger.debug(`app ${service.name} of ${session.name} does not answer: ${messageOf(error)}`);
      return undefined;
    });
    socket.resume();
    const { hangUpCode, deadAppCode } = parts.era.rules.proxy;
    if (upstream === undefined) {
      end(socket, deadAppCode);
    } else if (socket.readyState !== socket.OPEN) {
      upstream.destroy();
    } else {
      session.touch();
      pump(socket, upstream, { session, hangUpCode });
    }
  };
}

function serviceOf(session: Session, call: Call): Service {
  const name = call.query.get("app");
  if (name === null || name === "") {
    throw new Refusal("invalid-input", { msg: "Input validation error", data: { app: "is required" } });
  }
  const service = session.services.find((candidate) => candidate.name === name);
  if (service === undefined) {
    throw new Refusal("app-not-found", { msg: `${session.name}:${name}` });
  }
  const port = call.query.get("port");
  if (port !== null && Number(port) !== service.containerPort) {
    throw new Refusal("invalid-params", { msg: `Service ${name} does not open the port number ${port}.` });
  }
  return service;
}

/** Closes with a code; 1006 can't be sent: it is what the other end sees when the connection is just gone. */
function end(socket: WebSocket, code: number): void {
  socket.resume(); // a paused socket would not see the client's half of the handshake
  if (code === 1006) {
    socket.terminate();
  } else {
    socket.close(code);
  }
}

/** Carries bytes both ways until either side ends; text frames are ignored. */
function pump(
  socket: WebSocket,
  upstream: Duplex,
  { session, hangUpCode }: { readonly session: Session; readonly hangUpCode: number },
): void {
  const answers = new Answers(socket, upstream);
  upstream.on("error", () => end(socket, 1011));
  upstream.on("end", () => upstream.end()); // a websocket has no halves: the app's end is the end
  upstream.on("close", () => {
    answers.send();
    end(socket, hangUpCode);
  });
  upstream.on("data", (piece: Buffer) => {
    session.touch();
    answers.add(piece);
  });
  socket.on("message", (data: RawData, isBinary: boolean) => {
    session.touch();
    if (isBinary && !upstream.destroyed && !upstream.write(bytesOf(data))) {
      socket.pause();
      upstream.once("drain", () => socket.resume());
    }
  });
  socket.on("close", () => upstream.destroy());
}

/**
 * What an app answers, on its way to the client. What comes in one go is one message, as of one read of a port: an sshd inside the
 * engine writes each packet in three pieces, and several packets at a time.
 */
class Answers {
  readonly #socket: WebSocket;
  readonly #upstream: Duplex;
  #pieces: Buffer[] = [];

  constructor(socket: WebSocket, upstream: Duplex) {
    this.#socket = socket;
    this.#upstream = upstream;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    if (this.#pieces.length === 1) {
      setImmediate(() => this.send());
    } else if (this.#pieces.length === mostPieces) {
      this.send();
    }
  }

  send(): void {
    if (this.#pieces.length === 0) {
      return;
    }
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#socket.send(bytes, { binary: true }, () => {
      if (this.#upstream.isPaused() && this.#socket.bufferedAmount < highWaterBytes / 2) {
        this.#upstream.resume();
      }
    });
    if (this.#socket.bufferedAmount > highWaterBytes) {
      this.#upstream.pause();
    }
  }
}
