import "./builtinFetch.js";
import type { Readable } from "node:stream";
import { type Dispatcher, request } from "undici";
import { delay } from "../../base/abort.js";
import { messageOf, type TimeoutPhase } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { UnauthorizedError } from "../errors.js";
import type { Timeouts } from "../options.js";
import { Answer } from "./answer.js";
import type { Authentication } from "./authentication.js";
import type { Schema } from "./decode.js";
import { errorOf } from "./errorMapping.js";
import { HeadDeadline } from "./headDeadline.js";
import { networkErrorOf } from "./networkError.js";
import { Patience } from "./patience.js";
import { type Query, queryString } from "./query.js";
import { RequestLog } from "./requestLog.js";
import { bodyOf, type RequestSpec, shownPath, type StreamBody, whereOf } from "./requestSpec.js";
import { askForAll, type WholeAnswer } from "./wholeAnswer.js";

/** What a transport needs. */
export interface TransportOptions {
  readonly endpoint: string;
  readonly dispatcher: Dispatcher;
  readonly authentication: Authentication;
  readonly timeouts: Timeouts;
  readonly logger: Logger;
  readonly userAgent: string;
  readonly now: () => Date;
  /** Told of every refusal for want of a known caller. */
  readonly onUnauthorized?: ((error: UnauthorizedError) => void) | undefined;
}

/**
 * Sends requests to one server: URL, signature, deadlines, one log line out and one in, status → error, body → record. It
 * knows no endpoint of the API. The dispatcher stays its maker's.
 */
export class Transport {
  /** What the server announced; signatures need it. */
  version: string | undefined;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get timeouts(): Timeouts {
    return this.#options.timeouts;
  }

  get logger(): Logger {
    return this.#options.logger;
  }

  /**
   * Sends and reads a record.
   * @throws {ProtocolError} when the body is none. See {@link send} for the rest.
   */
  async json<T>(schema: Schema<T>, spec: RequestSpec): Promise<T> {
    return (await this.ask(spec)).json(schema);
  }

  /** Sends and drops the body of the answer. */
  async run(spec: RequestSpec): Promise<void> {
    await this.ask(spec);
  }

  /**
   * Sends and resolves with a successful answer, which is small enough for memory. See {@link send} for what is thrown.
   * @throws {ProtocolError} when it is not.
   */
  async ask(spec: RequestSpec): Promise<WholeAnswer> {
    return this.#patiently(spec, async (exchange) => this.#askOnce(spec, exchange));
  }

  /**
   * Sends and resolves with the head of a successful answer.
   * @throws {ApiError} when the status is not 2xx.
   * @throws {NetworkError}
   * @throws {TimeoutError} The signal's reason when it aborts.
   */
  async send(spec: RequestSpec): Promise<Answer> {
    return this.#patiently(spec, async (exchange) => this.#sendOnce(spec, exchange));
  }

  /** URL and headers with which a request to `path` is accepted: for websockets, which others dial. */
  authenticate(method: string, path: string, query?: Query): { url: URL; headers: Record<string, string> } {
    const url = this.#url({ path, query });
    return { url, headers: this.#headers(method, url, undefined, this.#options.now()) };
  }

  /** Tries, and again where that helps. */
  async #patiently<T>(spec: RequestSpec, exchange: (exchange: Exchange) => Promise<T>): Promise<T> {
    const patience = new Patience(this.timeouts.busyMs);
    for (;;) {
      try {
        return await this.#attempt(spec, exchange);
      } catch (error) {
        const pauseMs = patience.pauseAfter(error, spec);
        if (pauseMs === undefined) {
          throw error;
        }
        this.logger.debug(`${spec.method} ${spec.route} again: ${messageOf(error)}`);
        await delay(pauseMs, spec.signal);
      }
    }
  }

  async #attempt<T>(spec: RequestSpec, exchange: (exchange: Exchange) => Promise<T>): Promise<T> {
    spec.signal?.throwIfAborted();
    const url = spec.url ?? this.#url(spec);
    const body = bodyOf(spec);
    const log = new RequestLog(this.logger, spec.method, shownPath(spec, url), body?.bytes);
    const sentAt = this.#options.now();
    try {
      return await exchange({ url, body, log, sentAt });
    } catch (error) {
      const translated = this.#translate(spec, error);
      log.end(translated.name);
      throw translated;
    }
  }

  async #askOnce(spec: RequestSpec, exchange: Exchange): Promise<WholeAnswer> {
    const { url } = exchange;
    const asked = {
      ...this.#request(spec, exchange),
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
    };
    const answer = await askForAll(this.#options.dispatcher, asked, {
      where: whereOf(spec),
      headersMs: spec.headersMs ?? this.timeouts.headersMs,
      silence: this.#silence(spec),
      signal: spec.signal,
    });
    return this.#received(answer, spec, exchange);
  }

  async #sendOnce(spec: RequestSpec, exchange: Exchange): Promise<Answer> {
    const { dispatcher } = this.#options;
    const limit = new HeadDeadline(spec.headersMs ?? this.timeouts.headersMs, whereOf(spec), spec.signal);
    try {
      const response = await request(exchange.url, {
        ...this.#request(spec, exchange),
        dispatcher,
        signal: limit,
      });
      limit.met();
      response.body.once("close", () => limit.release());
      const answer = new Answer({
        status: response.statusCode,
        headers: response.headers,
        body: response.body,
        where: whereOf(spec),
        silence: this.#silence(spec),
        translate: (error) => this.#translate(spec, error),
      });
      return await this.#received(answer, spec, exchange);
    } catch (error) {
      limit.release();
      throw error;
    }
  }

  /** What undici is to send. */
  #request(spec: RequestSpec, { url, body, sentAt }: Exchange): Sent {
    const { method } = spec;
    const headers = spec.url
      ? { "User-Agent": this.#options.userAgent }
      : this.#headers(method, url, body?.contentType, sentAt);
    Object.assign(headers, spec.headers);
    if (body !== undefined) {
      headers["Content-Type"] = body.contentType;
    }
    if (spec.stream !== undefined) {
      headers["Content-Length"] = String(spec.stream.bytes);
    }
    // Behind a GET with a body undici closes the connection, unless it is told that the server reads such bodies.
    const isBodyOfGet = method === "GET" && body !== undefined;
    return { method, headers, body: body?.open() ?? null, ...(isBodyOfGet ? { reset: false } : {}) };
  }

  async #received<T extends Answer | WholeAnswer>(
    answer: T,
    spec: RequestSpec,
    exchange: Exchange,
  ): Promise<T> {
    exchange.log.end(answer.status);
    if (spec.url === undefined) {
      this.#options.authentication.receive(answer.setCookie);
    }
    return answer.status < 300 ? answer : this.#refuse(answer, spec, exchange);
  }

  async #refuse(answer: Answer | WholeAnswer, spec: RequestSpec, { url, sentAt }: Exchange): Promise<never> {
    const error = errorOf({
      method: spec.method,
      path: shownPath(spec, url),
      status: answer.status,
      body: await answer.text(),
      header: (name) => answer.header(name),
      sentAt,
    });
    if (error instanceof UnauthorizedError && spec.isWebServerPath !== true) {
      this.#options.onUnauthorized?.(error);
    }
    throw error;
  }

  #silence(spec: RequestSpec): { phase: TimeoutPhase; ms: number } {
    return spec.isLive === true
      ? { phase: "idle", ms: this.timeouts.idleMs }
      : { phase: "body", ms: this.timeouts.bodyMs };
  }

  #translate(spec: RequestSpec, error: unknown): Error {
    const { signal } = spec;
    if (signal?.aborted === true && error === signal.reason && error instanceof Error) {
      return error;
    }
    return networkErrorOf(error, { where: whereOf(spec), connectMs: this.timeouts.connectMs });
  }

  #url(spec: Pick<RequestSpec, "path" | "query" | "isWebServerPath">): URL {
    const prefix = spec.isWebServerPath === true ? "" : this.#options.authentication.prefix;
    return new URL(`${this.#options.endpoint}${prefix}${spec.path}${queryString(spec.query)}`);
  }

  #headers(method: string, url: URL, contentType: string | undefined, date: Date): Record<string, string> {
    const { authentication, userAgent } = this.#options;
    const path = `${url.pathname}${url.search}`;
    const { version } = this;
    return {
      "User-Agent": userAgent,
      ...authentication.headers({ method, path, host: url.host, contentType, date, version }),
    };
  }
}

/** What is sent, without where. */
interface Sent {
  readonly method: RequestSpec["method"];
  readonly headers: Record<string, string>;
  readonly body: Readable | Buffer | null;
  readonly reset?: false;
}

interface Exchange {
  readonly url: URL;
  readonly body: StreamBody | undefined;
  readonly log: RequestLog;
  readonly sentAt: Date;
}
