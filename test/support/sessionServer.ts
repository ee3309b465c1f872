import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BackendAIClient } from "../../src/api/index.js";

/** A row of the server's list, as GraphQL gives it. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly status: string };

/** The key of who asks; other keys are other users'. */
export const ownKey = "AKIANABBDUSEREXAMPLE";

/** What the server is to be. */
export interface SessionServerOptions {
  readonly manager?: string;
  readonly version?: string;
  readonly role?: { readonly global_role: string; readonly domain_role: string };
}

interface Query {
  readonly query: string;
  readonly variables: {
    readonly limit?: number;
    readonly offset?: number;
    readonly status?: string;
    readonly access_key?: string;
    readonly id?: string;
    readonly reference?: string;
  };
}

/**
 * A server of the calls that the sessions view makes, over real HTTP: hello, lists and single sessions by GraphQL, the role, and an event
 * stream. Its sessions and events are whatever a test says; it counts what it is asked, and holds answers back on demand.
 */
export class SessionServer {
  /** Sessions that it has, the newest first. */
  rows: Row[] = [];
  /** Requests in the order in which they came: `list 0`, `one <id>`, `image`, `events`, `role`. */
  readonly asked: string[] = [];
  /** When set, answers to what it names wait for it. */
  hold: ((asked: string) => Promise<void> | undefined) | undefined;
  /** When set, GraphQL is refused with this status. */
  refusal: number | undefined;
  readonly #options: SessionServerOptions;
  readonly #streams = new Set<ServerResponse>();
  readonly #server: Server;

  private constructor(options: SessionServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(options: SessionServerOptions = {}): Promise<SessionServer> {
    const server = new SessionServer(options);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Event streams that are open. */
  get streams(): number {
    return this.#streams.size;
  }

  async client(): Promise<BackendAIClient> {
    const credentials = { type: "keypair", accessKey: ownKey, secretKey: "secret" } as const;
    return BackendAIClient.connect({ endpoint: this.url, credentials });
  }

  /** Requests whose name begins like that. */
  count(begin: string): number {
    return this.asked.filter((asked) => asked.startsWith(begin)).length;
  }

  /** Changes a session, and says nothing of it. */
  set(id: string, facts: Readonly<Record<string, unknown>>): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, ...facts } : row));
  }

  /** Sends an event to everybody who listens. */
  tell(name: string, data: Readonly<Record<string, unknown>>): void {
    this.send(`event: ${name}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`);
  }

  /** Sends these bytes to everybody who listens. */
  send(bytes: string | Buffer): void {
    for (const stream of this.#streams) {
      stream.write(bytes);
    }
  }

  /** Ends the event streams, as a server that restarts does. */
  cutEvents(): void {
    for (const stream of this.#streams) {
      stream.destroy();
    }
    this.#streams.clear();
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const { manager = "24.09.6", version = "v8.20240915", role = plainUser } = this.#options;
    const [path = ""] = (request.url ?? "").split("?");
    if (path === "/") {
      json(response, { version, manager });
    } else if (path === "/events/session") {
      this.#listen(response);
    } else if (path.startsWith("/admin/")) {
      await this.#query(JSON.parse(Buffer.concat(chunks).toString()) as Query, path, response);
    } else {
      this.asked.push(path.split("/").at(-1) ?? "");
      json(response, path.endsWith("/apps") ? apps : { ...role, authorized: "yes" });
    }
  }

  async #query(query: Query, path: string, response: ServerResponse): Promise<void> {
    const asked = nameOf(query);
    this.asked.push(asked);
    const data = this.#data(query); // of the moment in which it was asked for
    await this.hold?.(asked);
    if (this.refusal === undefined) {
      json(response, path === "/admin/gql" ? { data } : data);
    } else {
      response.writeHead(this.refusal, { "Content-Type": "application/problem+json" });
      response.end('{"type":"https://api.backend.ai/probs/server-frozen","title":"frozen"}');
    }
  }

  #data({ query, variables }: Query): Readonly<Record<string, unknown>> {
    const { limit = 100, offset = 0, status = "", access_key: key, id } = variables;
    if (query.includes("compute_session_list")) {
      const statuses = status.split(",");
      const isAsked = (row: Row): boolean =>
        statuses.includes(row.status) && (key === undefined || (row["access_key"] ?? ownKey) === key);
      const asked = this.rows.filter(isAsked);
      return {
        compute_session_list: { items: asked.slice(offset, offset + limit), total_count: asked.length },
      };
    }
    if (query.includes("image(")) {
      return { image: { digest: "sha256:0123" } };
    }
    const row = this.rows.find((candidate) => candidate.id === id || candidate["sess_id"] === id);
    return { compute_session: row ?? null };
  }

  #listen(response: ServerResponse): void {
    this.asked.push("events");
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(": ping\r\n\r\n");
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
  }
}

function nameOf({ query, variables }: Query): string {
  if (query.includes("compute_session_list")) {
    return `${variables.status?.includes("TERMINATED") === true ? "ended" : "list"} ${variables.offset ?? 0}`;
  }
  return query.includes("image(") ? "image" : `one ${variables.id ?? ""}`;
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

const plainUser = { global_role: "user", domain_role: "user" };

const apps = [
  { name: "jupyterlab", protocol: "http", ports: [8090] },
  { name: "sshd", protocol: "tcp", ports: [2200] },
];

/** A row of a running session. */
export function row(id: string, more: Readonly<Record<string, unknown>> = {}): Row {
  return {
    id,
    name: `name-${id}`,
    type: "INTERACTIVE",
    image: "index.docker.io/lablup/python:3.11-local",
    status: "RUNNING",
    status_info: "",
    result: "UNDEFINED",
    created_at: "2026-11-23T19:12:55.352056+00:00",
    terminated_at: null,
    access_key: ownKey,
    user_email: "user@lablup.com",
    tag: null,
    cluster_size: 1,
    main_kernel_id: `kernel-${id}`,
    ...more,
  };
}
