import type { Readable } from "node:stream";
import { within } from "../../base/abort.js";
import { ProtocolError, TimeoutError, type TimeoutPhase } from "../../base/errors.js";

/** Most bytes of an answer that is read into memory as a whole. */
export const wholeBodyBytes = 64 * 1024 * 1024;

/** Headers of an answer, by their lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What an answer is made from. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
  /** What is being read, for messages. */
  readonly where: string;
  /** Silence after which reading fails. */
  readonly silence: { readonly phase: TimeoutPhase; readonly ms: number };
  /** Translates a failure of the connection. */
  readonly translate: (error: unknown) => Error;
}

/** What comes before the body of an answer. */
export class AnswerHead {
  readonly status: number;
  readonly #headers: Headers;

  constructor(status: number, headers: Headers) {
    this.status = status;
    this.#headers = headers;
  }

  /** Value of a header by its lower-case name; several are joined. */
  header(name: string): string | undefined {
    const value = this.#headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  /** The `Set-Cookie` headers. */
  get setCookie(): readonly string[] {
    const value = this.#headers["set-cookie"];
    return value === undefined ? [] : typeof value === "string" ? [value] : value;
  }
}

/** A successful answer whose body is still to be read. Read it, iterate it or {@link discard} it, so that its connection is free again. */
export class Answer extends AnswerHead implements AsyncIterable<Uint8Array> {
  readonly #raw: RawAnswer;

  constructor(raw: RawAnswer) {
    super(raw.status, raw.headers);
    this.#raw = raw;
  }

  /**
   * The body in pieces as they arrive; the reader's pace is the sender's. Leaving the loop early closes the connection.
   * @throws {TimeoutError} after too long a silence.
   * @throws {NetworkError} when the connection breaks.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const { body, silence, where, translate } = this.#raw;
    const pieces: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await within(pieces.next(), silence.ms, silence.phase, where);
        if (next.done === true) {
          return;
        }
        yield next.value;
      }
    } catch (error) {
      throw translate(error);
    } finally {
      body.on("error", () => undefined); // the connection may still break after we left
      body.destroy();
    }
  }

  /**
   * The whole body.
   * @throws {ProtocolError} when it exceeds `limitBytes`.
   */
  async bytes(limitBytes = wholeBodyBytes): Promise<Buffer> {
    const { body, silence, where, translate } = this.#raw;
    const pieces: Uint8Array[] = [];
    let size = 0;
    // Most answers are small: by its events, with one timer for all of it, a body costs a third of what iterating does.
    const silent = setTimeout(() => {
      body.destroy(new TimeoutError(silence.phase, silence.ms, where));
    }, silence.ms);
    try {
      await new Promise<void>((resolve, reject) => {
        body.on("error", reject); // stays: the connection may still break after we left
        body.on("end", resolve);
        body.on("close", () => {
          if (!body.readableEnded) {
            reject(new ProtocolError(where, "", "the answer was closed before its end"));
          }
        });
        body.on("data", (piece: Uint8Array) => {
          silent.refresh();
          size += piece.length;
          if (size > limitBytes) {
            body.destroy(new ProtocolError(where, "", `the answer is larger than ${limitBytes} bytes`));
            return;
          }
          pieces.push(piece);
        });
      });
    } catch (error) {
      throw error instanceof ProtocolError ? error : translate(error);
    } finally {
      clearTimeout(silent);
    }
    return Buffer.concat(pieces, size);
  }

  /** The whole body as text. */
  async text(): Promise<string> {
    return (await this.bytes()).toString("utf8");
  }

  /** Reads and drops a body that does not matter. */
  async discard(): Promise<void> {
    await this.bytes();
  }
}
