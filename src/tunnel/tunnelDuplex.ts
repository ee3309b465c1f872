import * as l10n from "@vscode/l10n";
import { Duplex } from "node:stream";
import type { TunnelSocket } from "../api/index.js";
import { asError, StreamClosedError } from "../base/errors.js";

/** How long the app may be silent after our side has sent everything, in milliseconds. */
const lingerMs = 30_000;

/** The code by which servers say that the app hung up. */
const hungUpCode = 1001;

/** The code by which they say that nothing listens on its port. */
const refusedCode = 1013;

/** How to take the end of a tunnel. */
export interface TunnelDuplexOptions {
  /**
   * Whether a connection that is dropped counts as an app that hung up, once it has said something. Some releases drop it
   * for that; what is carried then has to know by itself whether it is whole.
   */
  readonly takesLossAsEnd?: boolean;
}

/** Nothing answers behind the port of an app: the connection was closed before its first byte. */
export class SilentAppError extends StreamClosedError {
  constructor(closeCode: number | undefined) {
    super(closeCode, l10n.t("The app closed the connection before it said anything."));
  }
}

/**
 * A tunnel as a Node stream. The faster side waits for the slower one. Its end comes when the app hangs up;
 * `StreamClosedError`, `NetworkError` and `TimeoutError` destroy it. Destroying it closes the tunnel.
 */
export class TunnelDuplex extends Duplex {
  readonly #tunnel: TunnelSocket;
  readonly #reader: AsyncIterator<Uint8Array, void>;
  readonly #takesLossAsEnd: boolean;
  #hasReceived = false;
  #isReading = false;
  #reading = Promise.resolve();
  #isGathering = false;
  #linger: NodeJS.Timeout | undefined;

  constructor(tunnel: TunnelSocket, { takesLossAsEnd = false }: TunnelDuplexOptions = {}) {
    super({ allowHalfOpen: true, readableHighWaterMark: 256 * 1024, writableHighWaterMark: 256 * 1024 });
    this.#tunnel = tunnel;
    this.#takesLossAsEnd = takesLossAsEnd;
    this.#reader = tunnel[Symbol.asyncIterator]();
  }

  /** Whether the app has said anything. */
  get hasReceived(): boolean {
    return this.#hasReceived;
  }

  /**
   * Resolves when the server has read everything written so far.
   * @throws {TimeoutError} (`idle`) after `ms` milliseconds without an answer; the tunnel is dead then.
   * @throws {StreamClosedError}
   */
  async delivered(ms: number): Promise<void> {
    if (this.writableLength > 0) {
      await new Promise<void>((resolve, reject) => {
        this.write(Buffer.alloc(0), (error?: Error | null) => {
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
      this.#reading = this.#pull();
    }
  }

  /** What is written in one go becomes one message: ssh2 writes each packet in three pieces, and several packets at a time. */
  override write(...asked: unknown[]): boolean {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.uncork();
      });
    }
    return super.write(...(asked as [unknown]));
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const [first] = chunks;
    const isOne = first !== undefined && chunks.length === 1;
    this.#tunnel.write(isOne ? first.chunk : Buffer.concat(chunks.map(({ chunk }) => chunk))).then(
      () => done(),
      (error: unknown) => void this.#unwritten().then(() => done(asError(error))),
    );
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

  /** The tunnel is closed: whoever reads it is about to hear why, which the failure of a write does not tell. */
  async #unwritten(): Promise<void> {
    if (this.#isReading) {
      await this.#reading;
    }
  }

  #ended(error: unknown): void {
    const code = error instanceof StreamClosedError ? error.closeCode : undefined;
    if (this.#hasReceived && (code === hungUpCode || (code === 1006 && this.#takesLossAsEnd))) {
      this.push(null);
    } else if (!this.#hasReceived && (code === hungUpCode || code === refusedCode)) {
      this.destroy(new SilentAppError(code));
    } else {
      this.destroy(asError(error));
    }
  }
}
