import { Duplex } from "node:stream";
import type { TunnelSocket } from "../api/index.js";
import { StreamClosedError } from "../base/errors.js";

/** How long the app may be silent after our side has sent everything, in milliseconds. */
const lingerMs = 30_000;

/** The server's code for an app that hung up. */
const hungUpCode = 1001;

/** Nothing answers behind the port of an app: the connection was closed before its first byte. */
export class SilentAppError extends StreamClosedError {
  constructor(closeCode: number | undefined) {
    super(closeCode, "The app closed the connection before it said anything.");
  }
}

/**
 * A tunnel as a Node stream. The faster side waits for the slower one. Its end comes when the app hangs up;
 * `StreamClosedError`, `NetworkError` and `TimeoutError` destroy it. Destroying it closes the tunnel.
 */
export class TunnelDuplex extends Duplex {
  readonly #tunnel: TunnelSocket;
  readonly #reader: AsyncIterator<Uint8Array, void>;
  #hasReceived = false;
  #isReading = false;
  #linger: NodeJS.Timeout | undefined;

  constructor(tunnel: TunnelSocket) {
    super({ allowHalfOpen: true, readableHighWaterMark: 256 * 1024, writableHighWaterMark: 256 * 1024 });
    this.#tunnel = tunnel;
    this.#reader = tunnel[Symbol.asyncIterator]();
  }

  /**
   * Resolves when the server has read everything written so far.
   * @throws {TimeoutError} (`idle`) after `ms` milliseconds without an answer; the tunnel is dead then.
   * @throws {StreamClosedError}
   */
  async delivered(ms: number): Promise<void> {
    if (this.writableLength > 0) {
      await new Promise<void>((resolve, reject) => {
        this.write(Buffer.alloc(0), (error) => {
          if (error) {
            reject(error);
          } else {
            resolve();
          }
        });
      });
    }
    await this.#tunnel.delivered(ms);
  }

  override _read(): void {
    if (!this.#isReading) {
      this.#isReading = true;
      void this.#pull();
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#tunnel.write(chunk).then(() => done(), done);
  }

  /** Everything was sent. The app may still answer, but not for ever. */
  override _final(done: () => void): void {
    this.#linger = setTimeout(() => this.destroy(), lingerMs);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#linger);
    void this.#tunnel.close();
    done(error);
  }

  async #pull(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.next();
        if (done === true) {
          this.push(null);
          return;
        }
        this.#hasReceived = true;
        this.#linger?.refresh();
        if (!this.push(value)) {
          this.#isReading = false;
          return;
        }
      }
    } catch (error) {
      this.#ended(error);
    }
  }

  #ended(error: unknown): void {
    if (error instanceof StreamClosedError && error.closeCode === hungUpCode) {
      if (this.#hasReceived) {
        this.push(null);
      } else {
        this.destroy(new SilentAppError(error.closeCode));
      }
    } else {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
