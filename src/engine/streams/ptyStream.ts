import type { RawData, WebSocket } from "ws";
import { messageOf } from "../../base/errors.js";
import { DisposableStore } from "../../base/lifecycle.js";
import { PtyClientFrame } from "../../wire/frames.js";
import type { SessionTerminal } from "../execution/index.js";
import type { Call } from "../http/call.js";
import type { SocketRoute, SocketTalk } from "../http/routes.js";
import type { EngineParts } from "../routes/engineParts.js";
import { runningSession } from "../routes/sessions/sessionRoutes.js";
import type { Session } from "../sessions/session.js";
import { highWaterBytes, sendPaced, textOf } from "./message.js";

/** `/stream/session/{id}/pty`: the session's terminal, shared by all who connect (`protocol.md` §5.2). */
export function ptyRoute(parts: EngineParts): SocketRoute {
  return {
    path: `/stream${parts.era.dialect.prefix}/:id/pty`,
    open: (call: Call): SocketTalk => {
      const session = runningSession(parts.sessions.store.get(call.part("id")));
      return (socket) => talk(socket, session, parts);
    },
  };
}

function talk(socket: WebSocket, session: Session, parts: EngineParts): void {
  const connection = new PtyConnection(socket, session, parts);
  socket.on("message", (data: RawData) => {
    const frame = PtyClientFrame.safeParse(jsonOf(textOf(data)));
    if (frame.success) {
      connection.receive(frame.data).catch((error: unknown) => {
        parts.logger.warn(`the terminal of ${session.name} ended early: ${messageOf(error)}`);
        socket.close(1011);
      });
    } else if (jsonOf(textOf(data)) === undefined) {
      socket.close(1000); // bad JSON ends the stream; unknown types do not
    }
  });
  socket.on("close", () => connection.dispose());
  connection.attach();
}

/** One websocket on the terminal. */
class PtyConnection {
  readonly #attached = new DisposableStore();
  #terminal: SessionTerminal | undefined;

  constructor(
    readonly socket: WebSocket,
    readonly session: Session,
    readonly parts: EngineParts,
  ) {}

  /** Follows the terminal's output; a terminal that cannot be opened closes the stream. */
  attach(): void {
    const { execution } = this.session;
    if (execution === undefined) {
      this.socket.close(1000);
      return;
    }
    try {
      const terminal = execution.openTerminal();
      this.#terminal = terminal;
      this.#attached.add(terminal.onData((bytes) => this.#send(bytes, terminal)));
      this.#attached.add(terminal.onExit(() => this.socket.close(1000)));
    } catch (error) {
      void this.#sendFrame({ type: "error", data: messageOf(error) });
      this.socket.close(1011);
    }
  }

  async receive(frame: PtyClientFrame): Promise<void> {
    this.session.touch();
    switch (frame.type) {
      case "stdin":
        this.#terminal?.write(Buffer.from(frame.chars, "base64"));
        break;
      case "resize":
        this.#terminal?.resize(frame.rows, frame.cols);
        break;
      case "ping":
        break;
      case "restart":
        await this.#restart();
        break;
    }
  }

  dispose(): void {
    this.#attached.dispose();
    this.#terminal?.resume();
  }

  /** The stream ends in any case; who goes on connects again, to another shell. */
  async #restart(): Promise<void> {
    if (this.parts.era.dialect.can.restart) {
      await this.parts.lifecycle.restart(this.session);
    }
    this.socket.close(1000);
  }

  #send(bytes: Buffer, terminal: SessionTerminal): void {
    const sent = this.#sendFrame({ type: "out", data: bytes.toString("base64") });
    if (this.socket.bufferedAmount > highWaterBytes) {
      terminal.pause();
      void sent.then(() => terminal.resume());
    }
  }

  async #sendFrame(frame: Readonly<Record<string, string>>): Promise<void> {
    await sendPaced(this.socket, JSON.stringify(frame), {
      binary: this.parts.era.dialect.ptyFrames === "binary",
    });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
