import type { Logger } from "../base/logger.js";
import type { ProxyOrigin } from "./errors.js";
import type { Evidence } from "./findings.js";

/** Who calls. */
export type Credentials =
  | { readonly type: "keypair"; readonly accessKey: string; readonly secretKey: string }
  /** Through the web server: a cookie, and `/func` before every path (`protocol.md` §2.4). */
  | {
      readonly type: "login";
      readonly username: string;
      readonly password: string;
      readonly otp?: string;
      /** Ends the oldest of other logins where there are as many as are allowed; 26.x. */
      readonly endsOthers?: boolean;
    }
  /** A login that was made before: `client.auth.cookie`, and the access key that it gave. */
  | { readonly type: "cookie"; readonly cookie: string; readonly accessKey: string | undefined }
  /** Only what needs no signature, such as `hello` and `auth.authorize`. */
  | { readonly type: "anonymous" };

/** Deadlines in milliseconds. None is infinite. */
export interface Timeouts {
  /** Dialling, TLS included. */
  readonly connectMs: number;
  /** From the request to the head of its answer. A run's step may wait 30 s on the server behind another run. */
  readonly headersMs: number;
  /** Between two pieces of an answer's body. */
  readonly bodyMs: number;
  /** From dialling to an open websocket. */
  readonly handshakeMs: number;
  /** Without a sign of life of an open stream. Event streams ping every 15 s; websockets are pinged by us. */
  readonly idleMs: number;
  /** A session that is created and waited for without `maxWaitSeconds`. */
  readonly createMs: number;
  /** Destroying and restarting: a busy session took 14 s (`real-servers.md`). */
  readonly endMs: number;
  /** A completion. */
  readonly completionMs: number;
  /** Silence of a batch run after which its end may be lost, where servers lose it. */
  readonly runDoubtMs: number;
  /** How long refusals for too many requests are waited out, in all. */
  readonly busyMs: number;
  /** From the interrupt of a run to its end, before it is given up. */
  readonly runGraceMs: number;
}

export const defaultTimeouts: Timeouts = {
  connectMs: 10_000,
  headersMs: 60_000,
  bodyMs: 60_000,
  handshakeMs: 30_000,
  idleMs: 60_000,
  createMs: 30 * 60_000,
  endMs: 120_000,
  completionMs: 2000,
  runDoubtMs: 20_000,
  busyMs: 8000,
  runGraceMs: 5000,
};

/** Certificates beside the system's, as PEM. */
export interface TlsOptions {
  readonly ca?: readonly string[];
  /** Accepts any certificate: only for servers of one's own. */
  readonly skipVerification?: boolean;
}

/** For whom and with what sessions are started where nothing is said. */
export interface SessionDefaults {
  readonly domain: string;
  /** The group (project). */
  readonly group: string;
  /** Names of virtual folders that are added to every create. */
  readonly mounts: readonly string[];
}

/** How to reach a server, and as whom. */
export interface ConnectOptions {
  /** One URL, or several that are tried in order when a connection is refused or fails. */
  readonly endpoint: string | readonly string[];
  readonly credentials: Credentials;
  /** Default of every create: `default`. */
  readonly domain?: string | undefined;
  /** Default of every create: `default`. */
  readonly group?: string | undefined;
  /** Names of virtual folders that are added to every create. */
  readonly mounts?: readonly string[] | undefined;
  readonly tls?: TlsOptions | undefined;
  /** An HTTP proxy: its URL, also with what names it, which errors tell; or which one for an endpoint. */
  readonly proxy?: string | ProxyOrigin | ((endpoint: string) => ProxyOrigin | undefined) | undefined;
  readonly logger?: Logger | undefined;
  readonly userAgent?: string | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** What earlier connections learned of this server: `client.findings.evidence`. */
  readonly evidence?: Evidence | undefined;
  /** Told of every call that is refused because the caller is not, or no longer, known. */
  readonly onUnauthorized?: ((error: Error) => void) | undefined;
  /** The clock that dates signatures. */
  readonly now?: (() => Date) | undefined;
}

/** The last parameter of every call. */
export interface CallOptions {
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The last parameter of every call on a session. */
export interface SessionCallOptions extends CallOptions {
  /** An administrator acting for this key's user. Where it counts depends on the server (`protocol.md` §3). */
  readonly ownerAccessKey?: string | undefined;
}

/** How far a transfer is, in bytes. */
export interface Progress {
  readonly file: string;
  readonly transferredBytes: number;
  /** `undefined` when the total is not known beforehand. */
  readonly totalBytes: number | undefined;
}
