import { writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Pty } from "./nodePty.js";

/** Waiting input above which `write` answers `false`; bytes. */
const highWaterBytes = 64 * 1024;
/** How soon a full terminal is tried again at first, and at the latest; milliseconds. */
const [firstRetryMs, lastRetryMs] = [1, 32];

/**
 * What is typed into a pseudo-terminal, in order. A terminal whose program reads nothing takes no more input; node-pty's own
 * `write` may then wait for it with the whole engine, and for ever when the program waits for its output to be read.
 */
export class PtyInput {
  readonly #pty: Pty;
  readonly #onDrain: () => void;
  readonly #queue: Buffer[] = [];
  #size = 0;
  #retryMs = firstRetryMs;
  #timer: NodeJS.Timeout | undefined;
  #isFull = false;

  /** @param onDrain Called when a `write` that answered `false` may be followed by more. */
  constructor(pty: Pty, onDrain: () => void) {
    this.#pty = pty;
    this.#onDrain = onDrain;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  /** `false`: the caller should wait for `onDrain`; the bytes are taken all the same. */
  write(bytes: Buffer): boolean {
    this.#queue.push(bytes);
    this.#size += bytes.length;
    if (this.#timer === undefined) {
      this.retry();
    }
    this.#isFull ||= this.#size > highWaterBytes;
    return !this.#isFull;
  }

  /** Tries again: the program has printed something, so it may have read something. */
  retry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = this.#size;
    if (!this.#flush()) {
      this.#retryMs = this.#size < before ? firstRetryMs : Math.min(this.#retryMs * 2, lastRetryMs);
      this.#timer = setTimeout(() => this.retry(), this.#retryMs);
    }
    if (this.#isFull && this.#size <= highWaterBytes / 2) {
      this.#isFull = false;
      this.#onDrain();
    }
  }

  /** Drops what waits: the terminal has ended. */
  end(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
    this.#size = 0;
  }

  /** Writes what goes in; `false` when something is left. */
  #flush(): boolean {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const written = writeNow(this.#pty, first);
      this.#size -= written;
      if (written < first.length) {
        this.#queue[0] = first.subarray(written);
        return false;
      }
      this.#queue.shift();
    }
    return true;
  }
}

/** Writes without waiting; answers how many bytes went in. A terminal that has ended swallows everything. */
function writeNow(pty: Pty, bytes: Buffer): number {
  const fd: unknown = Reflect.get(pty, "fd");
  const socket: unknown = Reflect.get(pty, "_socket");
  if (typeof fd !== "number" || !(socket instanceof Socket)) {
    pty.write(bytes); // a node-pty with other insides
    return bytes.length;
  }
  if (socket.destroyed) {
    return bytes.length; // the number may be another file's by now
  }
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EAGAIN" ? 0 : bytes.length;
  }
}
