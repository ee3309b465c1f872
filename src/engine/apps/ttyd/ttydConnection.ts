import { hostname } from "node:os";
import type { RawData, WebSocket } from "ws";
import * as z from "zod/mini";
import { bytesOf } from "../../../base/bytes.js";
import { messageOf } from "../../../base/errors.js";
import { loginShell, type ProcessHost, PtyProcess } from "../../execution/index.js";
import { OutputGatherer } from "./outputGatherer.js";

/** First bytes of messages: what a client sends. */
const clientCommand = { input: 0x30, resize: 0x31, pause: 0x32, resume: 0x33, hello: 0x7b } as const;
/** First bytes of messages: what the server sends. */
const serverCommand = { output: 0x30, title: 0x31, preferences: 0x32 } as const;

/** Output on its way to the client above which the program has to wait. */
const highWaterBytes = 256 * 1024;

/** Old releases of ttyd leave the size to the first message about it. */
const Size = z.object({ columns: z._default(z.number(), 80), rows: z._default(z.number(), 24) });

/** As containers do it: into the tmux of the session, which is made if there is none; a shell where there is no tmux. */
const command = `if command -v tmux >/dev/null 2>&1; then
  tmux has-session 2>/dev/null && exec tmux -2u attach
  exec tmux -2u new-session
fi
exec "$0" -l`;
const title = "tmux -2u attach";

/** One client of the web terminal. Its program starts with the first message, and loses its terminal with the client. */
export class TtydConnection {
  readonly #socket: WebSocket;
  readonly #processes: () => ProcessHost;
  readonly #output = new OutputGatherer((chunks) => this.#send(serverCommand.output, ...chunks));
  #pty: PtyProcess | undefined;
  #isPausedByClient = false;
  #isBehind = false;

  constructor(socket: WebSocket, processes: () => ProcessHost) {
    this.#socket = socket;
    this.#processes = processes;
    socket.on("message", (data: RawData) => this.#receive(bytesOf(data)));
    socket.on("close", () => this.#pty?.hangUp());
    socket.on("error", () => undefined); // its end tells all that there is to tell
  }

  #receive(message: Buffer): void {
    const rest = message.subarray(1);
    switch (message[0]) {
      case clientCommand.hello:
        this.#start(message);
        break;
      case clientCommand.input:
        if (this.#pty?.write(rest) === false) {
          this.#socket.pause();
        }
        break;
      case clientCommand.resize:
        this.#resize(rest);
        break;
      case clientCommand.pause:
      case clientCommand.resume:
        this.#isPausedByClient = message[0] === clientCommand.pause;
        this.#adjustFlow();
        break;
      default: // as ttyd does
    }
  }

  #start(hello: Buffer): void {
    const size = Size.safeParse(jsonOf(hello));
    if (this.#pty !== undefined || !size.success) {
      return;
    }
    this.#send(serverCommand.title, Buffer.from(`${title} (${hostname()})`));
    this.#send(serverCommand.preferences, Buffer.from("{ }"));
    try {
      const { rows, columns: cols } = size.data;
      const shell = loginShell();
      const environment = { SHELL: shell };
      const args = ["-c", command, shell];
      const pty = PtyProcess.start(this.#processes(), { file: "/bin/sh", args, environment, rows, cols });
      this.#pty = pty;
      pty.onData((bytes) => this.#output.add(bytes));
      pty.onDrain(() => this.#socket.resume());
      void pty.exited.then(() => this.#end());
    } catch (error) {
      this.#send(serverCommand.output, Buffer.from(`${messageOf(error)}\r\n`));
      this.#socket.close(1011);
    }
  }

  #end(): void {
    this.#output.flush();
    this.#socket.resume(); // a paused socket would not see the client's half of the handshake
    this.#socket.close(1000);
  }

  #resize(json: Buffer): void {
    const size = Size.safeParse(jsonOf(json));
    if (size.success) {
      this.#pty?.resize(size.data.rows, size.data.columns);
    }
  }

  #send(type: number, ...chunks: readonly Buffer[]): void {
    this.#socket.send(Buffer.concat([Buffer.of(type), ...chunks]), { binary: true }, () => {
      if (this.#isBehind && this.#socket.bufferedAmount < highWaterBytes / 2) {
        this.#isBehind = false;
        this.#adjustFlow();
      }
    });
    if (!this.#isBehind && this.#socket.bufferedAmount > highWaterBytes) {
      this.#isBehind = true;
      this.#adjustFlow();
    }
  }

  #adjustFlow(): void {
    if (this.#isPausedByClient || this.#isBehind) {
      this.#pty?.pause();
    } else {
      this.#pty?.resume();
    }
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
