import { ProtocolError } from "../../base/errors.js";
import type { Findings } from "../findings.js";
import { type PtyClientFrame, PtyServerFrame } from "../../wire/frames.js";
import { limits } from "../../wire/limits.js";
import { decode } from "../transport/decode.js";
import type { MessageSocket } from "../transport/messageSocket.js";

/** Largest piece of input in one frame, so that its base64 stays far below a message's limit. */
const inputPieceBytes = Math.floor(limits.websocketMessageBytes / 64);

/**
 * A terminal of a session. Iterate it once for what it shows: raw bytes, which may split characters. Iteration ends when the
 * server closes normally, and throws `StreamClosedError`, `NetworkError` or `TimeoutError` (`idle`) otherwise. All
 * connections to a session see the same terminal, without replay. Who opens it, closes it.
 */
export class StreamPty implements AsyncIterable<Uint8Array> {
  readonly #socket: MessageSocket;
  readonly #findings: Findings;
  #hasTyped = false;
  #hasShown = false;
  #isClosing = false;

  constructor(socket: MessageSocket, findings: Findings) {
    this.#socket = socket;
    this.#findings = findings;
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** Bytes of input on their way out. */
  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  /**
   * Types. Resolves at once while little is on its way, else when this has left.
   * @throws {StreamClosedError}
   */
  async write(input: string | Uint8Array): Promise<void> {
    const bytes = typeof input === "string" ? Buffer.from(input) : Buffer.from(input);
    for (let start = 0; start < bytes.length; start += inputPieceBytes) {
      this.#hasTyped = true;
      const chars = bytes.subarray(start, start + inputPieceBytes).toString("base64");
      await this.#send({ type: "stdin", chars });
    }
  }

  /** Tells the terminal its size, in characters; full-screen programs redraw. */
  async resize(rows: number, cols: number): Promise<void> {
    await this.#send({ type: "resize", rows, cols });
  }

  /** Keeps the terminal of an idle session alive. */
  async ping(): Promise<void> {
    await this.#send({ type: "ping" });
  }

  /** Restarts the session; managers from 26.4.4 on close the terminal instead. */
  async restart(): Promise<void> {
    await this.#send({ type: "restart" });
  }

  /**
   * Resolves when the server has read everything written so far.
   * @throws {TimeoutError} (`idle`) after `ms` milliseconds without an answer; the connection is dead then.
   * @throws {StreamClosedError}
   */
  async delivered(ms: number): Promise<void> {
    await this.#socket.delivered(ms);
  }

  /** Closes the connection; the terminal lives on. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#socket.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    // JSON in text frames up to 25.x, in binary ones since (`protocol.md` §5.2)
    for await (const { data } of this.#socket) {
      const frame = decode(PtyServerFrame, data.toString("utf8"), "pty");
      if (frame.type === "out" && frame.data !== undefined) {
        this.#heard();
        yield Buffer.from(frame.data, "base64");
      } else if (frame.type === "error") {
        throw new ProtocolError("pty", frame.data ?? "", frame.data ?? "the terminal failed");
      }
    }
    if (this.#hasTyped && !this.#hasShown && !this.#isClosing) {
      this.#findings.saw("terminalMute");
    }
  }

  #heard(): void {
    if (!this.#hasShown) {
      this.#hasShown = true;
      this.#findings.disproved("terminalMute");
    }
  }

  async #send(frame: PtyClientFrame): Promise<void> {
    await this.#socket.send(JSON.stringify(frame));
  }
}
