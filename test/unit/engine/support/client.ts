import { Agent, type Dispatcher, request } from "undici";
import { WebSocket } from "ws";
import type { Engine } from "../../../../src/engine/index.js";
import { Signer } from "../../../../src/wire/signing.js";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** The value at a dotted path of the JSON body, such as `result.console.0.1`; "" is the whole body. */
  at(path: string): unknown;
}

/** The value at a dotted path inside a parsed JSON value; `undefined` where there is none. */
export function pick(value: unknown, path: string): unknown {
  const names = path === "" ? [] : path.split(".");
  return names.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}

export interface Sent {
  readonly body?: unknown;
  /** Body as it is, with its content type. */
  readonly raw?: { readonly type: string; readonly body: Buffer | string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Parts of the signature to falsify. */
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly date?: string;
  readonly version?: string;
  readonly unsigned?: boolean;
}

/** Sends signed requests to one engine. */
export class EngineClient {
  readonly #agent = new Agent({ headersTimeout: 60_000 });
  readonly prefix: string;

  constructor(
    readonly engine: Engine,
    readonly version: string,
  ) {
    this.prefix = version.startsWith("v4") ? "/kernel" : "/session";
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Headers that sign a request. */
  sign(
    method: string,
    path: string,
    contentType: string | undefined,
    sent: Sent = {},
  ): Record<string, string> {
    const version = sent.version ?? this.version;
    const date = sent.date ?? new Date().toISOString();
    const host = new URL(this.engine.endpoint).host;
    const parts = { method, path, date, host, contentType, version };
    return {
      "X-BackendAI-Version": version,
      "X-BackendAI-Date": date,
      Authorization: new Signer(
        sent.accessKey ?? this.engine.accessKey,
        sent.secretKey ?? this.engine.secretKey,
      ).header(parts),
    };
  }

  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const response = await this.open(method, path, sent);
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const text = bytes.toString("utf8");
    return {
      status: response.statusCode,
      headers: response.headers,
      bytes,
      text,
      at: (inner) => pick(JSON.parse(text), inner),
    };
  }

  async open(method: string, path: string, sent: Sent = {}): Promise<Dispatcher.ResponseData> {
    const contentType = sent.raw?.type ?? (sent.body === undefined ? undefined : "application/json");
    const body = sent.raw?.body ?? (sent.body === undefined ? null : JSON.stringify(sent.body));
    const signed = sent.unsigned ? {} : this.sign(method, path, contentType, sent);
    return request(this.engine.endpoint + path, {
      method: methodOf(method),
      dispatcher: this.#agent,
      headers: { ...signed, ...(contentType ? { "Content-Type": contentType } : {}), ...sent.headers },
      body,
    });
  }

  /** Creates a session, waits until it runs and answers its id (its name on v4). */
  async create(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const answer = await this.send("POST", this.prefix === "/kernel" ? "/kernel/create" : "/session", {
      body: { name, clientSessionToken: name, image: "python", config: {}, ...more },
    });
    if (answer.status >= 300) {
      throw new Error(answer.text);
    }
    return String(answer.at("sessionId") ?? answer.at("kernelId"));
  }

  /** One query to its end or to its first pause; answers `result`. */
  async execute(id: string, code: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const body = { mode: "query", code, runId: null, run_id: null, ...more };
    const answer = await this.send("POST", `${this.prefix}/${id}`, { body });
    return answer.at(answer.status === 200 ? "result" : "");
  }

  async upload(
    id: string,
    files: Readonly<Record<string, Buffer | string>>,
    extended = false,
  ): Promise<Answer> {
    return this.send("POST", `${this.prefix}/${id}/upload`, { raw: multipart(files, extended) });
  }

  /** A GraphQL request; answers the whole body. */
  async graphql(
    query: string,
    variables: Record<string, unknown> = {},
    path = "/admin/gql",
  ): Promise<unknown> {
    return (await this.send("POST", path, { body: { query, variables } })).at("");
  }

  /** A signed websocket, open or refused. */
  socket(path: string): WebSocket {
    const url = this.engine.endpoint.replace("http", "ws") + path;
    return new WebSocket(url, { headers: this.sign("GET", path, undefined), perMessageDeflate: false });
  }
}

function methodOf(method: string): Dispatcher.HttpMethod {
  const known: readonly Dispatcher.HttpMethod[] = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
  ];
  return known.find((candidate) => candidate === method) ?? "GET";
}

/** A multipart body with file parts. */
export function multipart(
  files: Readonly<Record<string, Buffer | string>>,
  extended = false,
): { type: string; body: Buffer } {
  const boundary = "----enginetest";
  const parts = Object.entries(files).map(([name, content]) => {
    const filename = extended ? `filename*=UTF-8''${encodeURIComponent(name)}` : `filename="${name}"`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="src"; ${filename}\r\nContent-Type: application/octet-stream\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from("\r\n")]);
  });
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
