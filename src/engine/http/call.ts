import type { IncomingMessage } from "node:http";
import type { Account } from "../auth/account.js";
import type { Era } from "../era.js";
import { hasBody, readJson } from "./body.js";
import { Refusal } from "./refusal.js";

/** The parameters of a call, by whichever way they came. */
export type Parameters = Readonly<Record<string, unknown>>;

/** One request, as the handlers see it. */
export class Call {
  #json: Promise<unknown> | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly era: Era,
    /** Who is asking; only routes that need no authentication are called without knowing. */
    readonly account: Account,
    /** The part of the path that a pattern such as `/session/:id` names. */
    readonly pathParameters: Readonly<Record<string, string | undefined>>,
    readonly query: URLSearchParams,
    /** Aborts when the client has gone. */
    readonly signal: AbortSignal,
  ) {}

  /** A named part of the path. */
  part(name: string): string {
    return this.pathParameters[name] ?? "";
  }

  /** The JSON body, read once; `undefined` when there is none. */
  async json(): Promise<unknown> {
    this.#json ??= readJson(this.request);
    return this.#json;
  }

  /** The JSON body as an object, which must be there. */
  async body(): Promise<Parameters> {
    const value = hasBody(this.request) ? await this.json() : undefined;
    if (value !== undefined && !isRecord(value) && this.era.rules.parameters.nonObjects === "crash") {
      throw new Refusal("internal"); // recorded from 23.09 on
    }
    if (!isRecord(value)) {
      throw new Refusal("malformed-body", { msg: malformed(this) });
    }
    return value;
  }

  /** The query as an object; a repeated key keeps its first value, as old servers do. */
  queryParameters(): Parameters {
    return Object.fromEntries([...this.query.entries()].reverse());
  }

  /**
   * Body or query, as the era decides: a readable JSON body wins and the query is ignored, except that the bodies of GETs
   * count in some releases only (`protocol.md` §3).
   */
  async parameters(): Promise<Parameters> {
    const { method } = this.request;
    const bodyless = (method === "GET" || method === "HEAD") && !this.era.rules.parameters.getBodies;
    return bodyless || !hasBody(this.request) ? this.queryParameters() : this.body();
  }

  /** Parameters where the era takes them from one place only. */
  async parametersIn(place: "query" | "body" | "body-or-query"): Promise<Parameters> {
    if (place === "body-or-query") {
      return this.parameters();
    }
    return place === "query" ? this.queryParameters() : this.body();
  }
}

function malformed(call: Call): string {
  if (call.era.rules.errors.validation === "fields") {
    return "Malformed body";
  }
  const { headers, method, url } = call.request;
  return `Malformed body - URL: http://${headers.host ?? ""}${url ?? ""}, Method: ${method ?? ""}`;
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
