import type { Duplex } from "node:stream";
import type { ServerChannel } from "ssh2";
import { FlowGate } from "../../execution/index.js";

/** Output that waits above which its sources are paused, and below which they go on; bytes. */
const [highWaterBytes, lowWaterBytes] = [128 * 1024, 32 * 1024];
/** What goes out at once; smaller pieces are gathered as long as the engine has others to read. */
const packetBytes = 32 * 1024;

type Target = "stdout" | "stderr";

/**
 * What a channel's program prints, in order, at the pace of its reader. Little is kept, so that what is typed takes effect
 * soon: a reader that is behind closes `flow`, which pauses the program.
 */
export class ChannelOutput {
  /** The sources of the output; closed while the reader is behind. */
  readonly flow = new FlowGate();
  readonly #channel: ServerChannel;
  readonly #connection: Duplex;
  #queue: { readonly target: Target; readonly bytes: Buffer }[] = [];
  #size = 0;
  #isSending = false;
  #isGathering = false;
  #isEnded = false;
  #whenDrained: (() => void)[] = [];

  /** @param connection What carries the channel; ssh2 itself does not wait for it. */
  constructor(channel: ServerChannel, connection: Duplex) {
    this.#channel = channel;
    this.#connection = connection;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  write(target: Target, bytes: Buffer): void {
    if (this.#isEnded || bytes.length === 0) {
      return;
    }
    this.#queue.push({ target, bytes });
    this.#size += bytes.length;
    if (this.#size > highWaterBytes && !this.flow.isClosed) {
      this.flow.close();
    }
    if (!this.#isGathering || this.#size >= packetBytes) {
      this.#send();
    }
  }

  /** Resolves when all output has been taken, or will never be. */
  async drained(): Promise<void> {
    while (!this.#isEnded && (this.#size > 0 || this.#isSending)) {
      await new Promise<void>((resolve) => this.#whenDrained.push(resolve));
    }
  }

  /** Nobody reads any more: what waits and what comes is dropped. */
  end(): void {
    this.#isEnded = true;
    this.#queue = [];
    this.#size = 0;
    this.flow.open();
    this.#whenDrained.splice(0).forEach((resolve) => resolve());
  }

  /** One piece at a time: ssh2 mixes up the streams of a channel when both wait for its window. */
  #send(): void {
    if (this.#isSending || this.#size === 0 || this.#isEnded) {
      return;
    }
    this.#isSending = true;
    if (this.#connection.writableNeedDrain) {
      this.#connection.once("drain", () => this.#sendNext());
    } else {
      this.#sendNext();
    }
  }

  #sendNext(): void {
    if (this.#isEnded) {
      return;
    }
    const { target, bytes } = this.#take();
    const stream = target === "stdout" ? this.#channel : this.#channel.stderr;
    stream.write(bytes, () => this.#sent());
    this.#isGathering = true;
    setImmediate(() => {
      this.#isGathering = false;
      this.#send();
    });
  }

  #sent(): void {
    // A piece that had to wait stays in ssh2's channel, and would be sent again when the other stream has to wait.
    for (const left of ["_chunk", "_chunkcb", "_chunkErr", "_chunkcbErr"]) {
      Reflect.set(this.#channel, left, undefined);
    }
    this.#isSending = false;
    if (this.#size <= lowWaterBytes && this.flow.isClosed) {
      this.flow.open();
    }
    if (this.#size >= packetBytes || !this.#isGathering) {
      this.#send();
    }
    if (this.#size === 0) {
      this.#whenDrained.splice(0).forEach((resolve) => resolve());
    }
  }

  /** What waits for the same stream, up to two packets. */
  #take(): { readonly target: Target; readonly bytes: Buffer } {
    const target = this.#queue[0]?.target ?? "stdout";
    let [count, size] = [0, 0];
    for (const piece of this.#queue) {
      if (piece.target !== target || size >= packetBytes) {
        break;
      }
      count += 1;
      size += piece.bytes.length;
    }
    const pieces = this.#queue.splice(0, count).map(({ bytes }) => bytes);
    this.#size -= size;
    return { target, bytes: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size) };
  }
}
