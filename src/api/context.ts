import { UnsupportedError } from "../base/errors.js";
import type { Dialect } from "../wire/dialect.js";
import { type Feature, requirementOf } from "../wire/features.js";
import type { Findings } from "./findings.js";
import type { SessionCallOptions, SessionDefaults } from "./options.js";
import type { Authentication } from "./transport/authentication.js";
import { type Query, segment } from "./transport/query.js";
import type { SocketDialer } from "./transport/socket.js";
import type { RequestSpec } from "./transport/requestSpec.js";
import type { Transport } from "./transport/transport.js";

/** What every group of calls works with. */
export interface Context {
  readonly transport: Transport;
  readonly sockets: SocketDialer;
  readonly dialect: Dialect;
  readonly authentication: Authentication;
  /** What works on this server. */
  readonly findings: Findings;
  /** For whom and with what sessions are started where nothing is said; `client.setDefaults` changes them. */
  defaults: SessionDefaults;
}

/** @throws {UnsupportedError} when the server's release lacks `feature`. */
export function requireFeature({ dialect }: Context, feature: Feature, what: string): void {
  if (!dialect.can[feature]) {
    throw new UnsupportedError(what, requirementOf(feature), `manager ${dialect.manager}`);
  }
}

/** A call on one session: `tail` follows `{prefix}/{id}`, such as `/logs`. */
export interface SessionCall extends SessionCallOptions {
  readonly method: RequestSpec["method"];
  readonly id: string;
  readonly tail?: string;
  readonly query?: Query;
  readonly json?: unknown;
  readonly stream?: RequestSpec["stream"];
  readonly isRepeatable?: boolean;
  readonly headersMs?: number | undefined;
}

/** The request of a call on one session. */
export function sessionRequest({ dialect, authentication }: Context, call: SessionCall): RequestSpec {
  const { method, id, tail = "", query, json, stream, headersMs, signal, isRepeatable } = call;
  // The caller needs no mention, and real servers refuse it in some calls (`real-servers.md`).
  const ownerAccessKey = call.ownerAccessKey === authentication.accessKey ? undefined : call.ownerAccessKey;
  return {
    method,
    path: `${dialect.prefix}/${segment(id)}${tail}`,
    route: `${dialect.prefix}/{id}${tail}`,
    query: { ...query, owner_access_key: ownerAccessKey },
    json,
    stream,
    headersMs,
    ...(isRepeatable === undefined ? {} : { isRepeatable }),
    signal,
  };
}
