import type { Readable } from "node:stream";
import type { Query } from "./query.js";

/** One request. */
export interface RequestSpec {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path on the manager, already percent-encoded, without a query. */
  readonly path: string;
  /** The path as documented, such as `/session/{id}`, for messages. */
  readonly route: string;
  readonly query?: Query | undefined;
  /** A JSON body; a GET may have one as well (`protocol.md` §6.3). */
  readonly json?: unknown;
  /** A body that is made while it is sent. */
  readonly stream?: StreamBody | undefined;
  /** Deadline for the head of the answer, when the usual one is too short or too long. */
  readonly headersMs?: number | undefined;
  /** Whether silence is watched as that of an open stream. */
  readonly isLive?: boolean;
  /** Whether asking twice does no harm: always so for a GET. */
  readonly isRepeatable?: boolean;
  /** Whether the path is the web server's own, such as `/server/login`. */
  readonly isWebServerPath?: boolean;
  /** A place of another server, such as a storage proxy, in place of `path`: asked without signature, cookie or version. */
  readonly url?: URL | undefined;
  /** Further headers; they are not signed. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether the path has a secret in it: logs and errors show the route. */
  readonly isPathSecret?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A body with a known length: a stream, or all of it. */
export interface StreamBody {
  readonly contentType: string;
  readonly bytes: number;
  readonly open: () => Readable | Buffer;
}

/** The body to send: JSON whole, a stream as it is. */
export function bodyOf({ json, stream }: RequestSpec): StreamBody | undefined {
  if (json === undefined) {
    return stream;
  }
  const bytes = Buffer.from(JSON.stringify(json));
  return { contentType: "application/json", bytes: bytes.length, open: () => bytes };
}

/** The path for logs and errors. */
export function shownPath({ isPathSecret, route }: RequestSpec, url: URL): string {
  return isPathSecret === true ? route : url.pathname;
}

/** Names the call in errors. */
export function whereOf(spec: RequestSpec): string {
  return `${spec.method} ${spec.route}`;
}
