import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { whenAborted } from "../../base/abort.js";
import { ProtocolError, TimeoutError, type TimeoutPhase } from "../../base/errors.js";
import { shorten } from "../../base/text.js";
import { AnswerHead, type Headers, wholeBodyBytes } from "./answer.js";
import { decode, type Schema } from "./decode.js";

/** How long an answer is waited for. */
interface Limits {
  /** What is asked, for messages. */
  readonly where: string;
  /** Until its head is there. */
  readonly headersMs: number;
  /** Silence of its body after which it fails. */
  readonly silence: { readonly phase: TimeoutPhase; readonly ms: number };
  readonly signal: AbortSignal | undefined;
}

/** An answer with all of its body. */
export class WholeAnswer extends AnswerHead {
  readonly #body: Buffer;
  readonly #where: string;

  constructor(status: number, headers: Headers, body: Buffer, where: string) {
    super(status, headers);
    this.#body = body;
    this.#where = where;
  }

  text(): string {
    return this.#body.toString("utf8");
  }

  /**
   * The body as a record.
   * @throws {ProtocolError} when it is none.
   */
  json<T>(schema: Schema<T>): T {
    const text = this.text();
    if (this.header("content-type")?.includes("html") === true) {
      throw new ProtocolError(this.#where, shorten(text, 200), "the answer is a web page, not JSON");
    }
    return decode(schema, text, this.#where);
  }
}

/**
 * Asks, and resolves with the whole answer. Most answers are small: taken as they arrive, with one timer and without a stream and a
 * signal of their own, they cost half of what `undici.request` does.
 * @throws {TimeoutError} when the head is late or the body falls silent.
 * @throws {ProtocolError} for a body beyond bounds.
 * @throws The signal's reason, and the errors of undici.
 */
export async function askForAll(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  limits: Limits,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, new Receiver(limits, request.body, { resolve, reject }));
  });
}

interface Settle {
  resolve(answer: WholeAnswer): void;
  reject(error: Error): void;
}

/** Takes what undici reads of one answer. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #limits: Limits;
  readonly #sent: unknown;
  readonly #settle: Settle;
  readonly #leave: (() => void) | undefined;
  readonly #pieces: Buffer[] = [];
  #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #failure: Error | undefined;
  #status = 0;
  #headers: Headers = {};
  #size = 0;
  #heardAt = 0;

  constructor(limits: Limits, sent: unknown, settle: Settle) {
    const { headersMs, signal } = limits;
    this.#limits = limits;
    this.#sent = sent;
    this.#settle = settle;
    this.#timer = setTimeout(() => this.#late(), headersMs);
    this.#leave = signal && whenAborted(signal, (reason) => this.#fail(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure !== undefined) {
      controller.abort(this.#failure);
    }
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) {
      return; // the head of the answer is still to come
    }
    const { headersMs, silence } = this.#limits;
    this.#status = status;
    this.#headers = headers;
    this.#heardAt = performance.now();
    // Most bodies have come long before the timer fires, which then looks at the silence; only a shorter one needs another timer.
    if (silence.ms < headersMs) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#late(), silence.ms);
    }
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    this.#heardAt = performance.now();
    this.#size += piece.length;
    if (this.#size > wholeBodyBytes) {
      this.#fail(
        new ProtocolError(this.#limits.where, "", `the answer is larger than ${wholeBodyBytes} bytes`),
      );
    } else {
      this.#pieces.push(piece);
    }
  }

  onResponseEnd(): void {
    const [first] = this.#pieces;
    const body =
      first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces, this.#size);
    this.#over();
    this.#settle.resolve(new WholeAnswer(this.#status, this.#headers, body, this.#limits.where));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#over();
    if (this.#sent instanceof Readable) {
      this.#sent.on("error", () => undefined); // nobody reads it any more
      this.#sent.destroy(error);
    }
    this.#settle.reject(error);
  }

  #late(): void {
    const { where, headersMs, silence } = this.#limits;
    if (this.#status === 0) {
      this.#fail(new TimeoutError("headers", headersMs, where));
      return;
    }
    const leftMs = this.#heardAt + silence.ms - performance.now();
    if (leftMs < 1) {
      this.#fail(new TimeoutError(silence.phase, silence.ms, where));
    } else {
      this.#timer = setTimeout(() => this.#late(), leftMs);
    }
  }

  /** Whoever waits is told at once, also where undici is still connecting and can't be stopped yet. */
  #fail(error: Error): void {
    this.#failure = error;
    this.#over();
    this.#settle.reject(error);
    this.#controller?.abort(error);
  }

  #over(): void {
    clearTimeout(this.#timer);
    this.#leave?.();
  }
}
