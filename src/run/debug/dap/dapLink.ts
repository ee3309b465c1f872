import type { Duplex } from "node:stream";
import { messageOf } from "../../../base/errors.js";
import { Emitter } from "../../../base/event.js";
import type { Disposable } from "../../../base/lifecycle.js";
import { encodeMessage, MessageReader } from "./framing.js";
import type { DapMessage } from "./messages.js";

/** A conversation with a debug adapter over a stream, which belongs to the link and ends with it. */
export class DapLink implements Disposable {
  readonly #stream: Duplex;
  readonly #reader = new MessageReader();
  readonly #didReceive = new Emitter<DapMessage>();
  readonly #didEnd = new Emitter<string | undefined>();
  #isOver = false;

  readonly onDidReceive = this.#didReceive.event;
  /** Fired once when the other end is gone, with what broke if something did; not when the link is disposed. */
  readonly onDidEnd = this.#didEnd.event;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /**
   * Begins to read, once those who listen do.
   * @param first Bytes of the adapter that were read already.
   */
  start(first: Buffer = Buffer.alloc(0)): void {
    this.#take(first);
    this.#stream.on("error", (error) => this.#end(messageOf(error)));
    this.#stream.on("close", () => this.#end());
    this.#stream.on("end", () => this.#end());
    this.#stream.on("data", (bytes: Buffer) => this.#take(bytes)).resume();
  }

  /** Sends a message; after the end it does nothing. What VS Code says is little, so it may wait in memory. */
  send(message: DapMessage): void {
    if (!this.#isOver) {
      this.#stream.write(encodeMessage(message));
    }
  }

  dispose(): void {
    this.#isOver = true;
    this.#stream.on("error", () => undefined);
    this.#stream.end();
    this.#stream.destroy();
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) {
      return;
    }
    try {
      for (const message of this.#reader.push(bytes)) {
        this.#didReceive.fire(message);
      }
    } catch (error) {
      this.#end(messageOf(error));
    }
  }

  #end(reason?: string): void {
    if (!this.#isOver) {
      this.dispose();
      this.#didEnd.fire(reason);
    }
  }
}
