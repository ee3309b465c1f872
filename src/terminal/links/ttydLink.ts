import * as l10n from "@vscode/l10n";
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { BackendAIClient } from "../../api/index.js";
import { reasonOf, within } from "../../base/abort.js";
import { AsyncQueue } from "../../base/asyncQueue.js";
import { bytesOf } from "../../base/bytes.js";
import { NetworkError, StreamClosedError, TimeoutError } from "../../base/errors.js";
import { TunnelDuplex } from "../../tunnel/tunnelDuplex.js";
import type { ShellEnd, TerminalLink, TerminalSize } from "./terminalLink.js";

/** ttyd's protocol: the first byte of a message says what it is. */
const command = { input: 0x30, resize: 0x31 } as const;
const outputCommand = 0x30;

/** From the websocket's request to the first output, in milliseconds. */
const startMs = 10_000;

/** Largest message taken from ttyd, which sends what its pty gave in one go. */
const messageLimitBytes = 16 * 1024 * 1024;

/** Output that waits for the reader before ttyd is made to wait. */
const receiveHighWaterBytes = 256 * 1024;

/** What tmux sends first of all: the other screen. A plain shell does not. */
const tmuxGreeting = "\x1b[?1049h";

/** The terminal app of containers: a web terminal that enters the container's tmux. All who connect see the same screen. */
export class TtydLink implements TerminalLink {
  readonly rung = "ttyd";
  readonly #socket: WebSocket;
  readonly #tunnel: TunnelDuplex;
  readonly #output: AsyncQueue<Buffer>;
  readonly #reader: AsyncIterator<Buffer, void>;
  #first: Buffer | undefined;
  #hasEnded = false;
  #pingCount = 0;

  private constructor(socket: WebSocket, tunnel: TunnelDuplex) {
    this.#socket = socket;
    this.#tunnel = tunnel;
    this.#output = new AsyncQueue<Buffer>(receiveHighWaterBytes, () => socket.resume());
    this.#reader = this.#output[Symbol.asyncIterator]();
    let failure: Error | undefined;
    socket.on("message", (data) => this.#received(bytesOf(data)));
    socket.on("error", (error) => {
      failure ??= error;
    });
    socket.on("close", (code) => {
      this.#hasEnded = true;
      const isEnd = code === 1000 || code === 1005;
      this.#output.end(
        isEnd ? undefined : (failure ?? new StreamClosedError(code, l10n.t("ttyd closed with {0}.", code))),
      );
    });
  }

  /**
   * @throws {ApiError} when the server has no such app, or can't reach it.
   * @throws {SilentAppError} when nothing answers behind it.
   * @throws {NetworkError}
   * @throws {TimeoutError}
   */
  static async open(
    client: BackendAIClient,
    sessionId: string,
    { size, signal }: { readonly size: TerminalSize; readonly signal: AbortSignal },
  ): Promise<TtydLink> {
    const tunnel = new TunnelDuplex(await client.apps.openTunnel(sessionId, "ttyd"));
    const socket = dial(tunnel);
    const link = new TtydLink(socket, tunnel);
    try {
      await link.#start(size, signal);
      return link;
    } catch (error) {
      socket.terminate();
      tunnel.destroy();
      throw error;
    }
  }

  get keepsScreen(): boolean {
    return this.#first?.includes(tmuxGreeting) ?? false;
  }

  async *read(): AsyncGenerator<Uint8Array, ShellEnd, undefined> {
    if (this.#first !== undefined) {
      yield this.#first;
    }
    for (;;) {
      const { done, value } = await this.#reader.next();
      if (done === true) {
        return { exitCode: undefined };
      }
      yield value;
    }
  }

  async write(data: Uint8Array): Promise<void> {
    await this.#send(command.input, data);
  }

  async delivered(ms: number): Promise<void> {
    await this.#tunnel.delivered(ms);
  }

  async taken(ms: number): Promise<void> {
    await within(this.#answered(), ms, "idle", l10n.t("Reading what was typed"));
  }

  async resize({ rows, cols }: TerminalSize): Promise<void> {
    await this.#send(command.resize, Buffer.from(JSON.stringify({ columns: cols, rows })));
  }

  /** The websocket under it pings by itself. */
  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#socket.close(1000);
    this.#tunnel.end();
    this.#tunnel.destroy();
    return Promise.resolve();
  }

  /** Says who we are and how large, then waits for the first output: it tells whether there is a tmux behind. */
  async #start(size: TerminalSize, signal: AbortSignal): Promise<void> {
    let onAbort: (() => void) | undefined;
    let limit: NodeJS.Timeout | undefined;
    const interrupted = new Promise<never>((_, reject) => {
      onAbort = () => reject(reasonOf(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      limit = setTimeout(
        () => reject(new TimeoutError("start", startMs, l10n.t("Starting the terminal app"))),
        startMs,
      );
      this.#tunnel.once("error", reject);
      this.#socket.once("error", (error) =>
        reject(new NetworkError(`ttyd: ${error.message}`, undefined, { cause: error })),
      );
    });
    interrupted.catch(() => undefined);
    try {
      signal.throwIfAborted();
      await Promise.race([new Promise((resolve) => this.#socket.once("open", resolve)), interrupted]);
      const hello = { AuthToken: "", columns: size.cols, rows: size.rows };
      this.#socket.send(JSON.stringify(hello), { binary: true });
      await this.resize(size); // ttyd before 1.7 does not read the size from the first message
      const first = await Promise.race([this.#reader.next(), interrupted]);
      if (first.done === true) {
        throw new StreamClosedError(1000, l10n.t("The terminal app closed the connection at once."));
      }
      this.#first = first.value;
    } finally {
      clearTimeout(limit);
      if (onAbort) {
        signal.removeEventListener("abort", onAbort);
      }
    }
  }

  /** ttyd answers a ping behind what was typed once it has read that. */
  #answered(): Promise<void> {
    const socket = this.#socket;
    this.#pingCount += 1;
    const payload = String(this.#pingCount);
    return new Promise((resolve, reject) => {
      const onPong = (data: Buffer): void => {
        if (data.toString() === payload) {
          socket.off("pong", onPong).off("close", onClose);
          resolve();
        }
      };
      const onClose = (code: number): void => {
        socket.off("pong", onPong);
        reject(new StreamClosedError(code, l10n.t("ttyd closed with {0}.", code)));
      };
      socket.on("pong", onPong).once("close", onClose);
      socket.ping(payload);
    });
  }

  #received(message: Buffer): void {
    // Other messages are the window's title, which tmux sends as well, and settings of a browser's terminal.
    if (message[0] === outputCommand && !this.#output.push(message.subarray(1), message.length)) {
      this.#socket.pause();
    }
  }

  async #send(kind: number, data: Uint8Array): Promise<void> {
    if (this.#hasEnded) {
      throw new StreamClosedError(undefined, l10n.t("The terminal app has closed the connection."));
    }
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(Buffer.concat([Buffer.of(kind), data]), { binary: true }, (error) => {
        if (error) {
          reject(error);
        } else {
          resolve();
        }
      });
    });
  }
}

function dial(tunnel: Duplex): WebSocket {
  const options = {
    createConnection: () => tunnel,
    perMessageDeflate: false,
    maxPayload: messageLimitBytes,
  };
  return new WebSocket("ws://127.0.0.1:7681/ws", ["tty"], options);
}
