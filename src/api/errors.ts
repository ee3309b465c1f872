import { BackendAIError, NetworkError, ProtocolError } from "../base/errors.js";
import { type DefectName, defects } from "../wire/defects.js";
import { problemSlug } from "../wire/problem.js";
import type { Problem } from "../wire/records/problem.js";

export {
  BackendAIError,
  ConfigurationError,
  NetworkError,
  ProtocolError,
  StreamClosedError,
  TimeoutError,
  UnsupportedError,
} from "../base/errors.js";

/** What is known of a refusal. */
export interface Refusal {
  /** The HTTP status. It is 200 where a server wraps a refusal into a successful answer. */
  readonly status: number;
  readonly method: string;
  /** Path of the request, without its query. */
  readonly path: string;
  /** The problem body (`protocol.md` §8.1), when there was one. */
  readonly problem?: Problem | undefined;
  /** The beginning of the body, when it was no problem body; the server's own words otherwise. */
  readonly detail?: string | undefined;
  /** The whole body, shortened to what a log can bear. */
  readonly body?: string | undefined;
  /** Where a redirect leads to. */
  readonly location?: string | undefined;
  readonly cause?: unknown;
}

/** The server refused a request. The subclasses tell the refusals apart that a caller treats differently. */
export class ApiError extends BackendAIError {
  readonly code: string = "API";
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly problem: Problem | undefined;
  /** The last part of the problem's type, such as `session-not-found`. */
  readonly slug: string | undefined;
  /** The beginning of the answer's body; `undefined` when the refusal was no answer of its own. */
  readonly body: string | undefined;
  /** Where a redirect leads to; none is followed. */
  readonly location: string | undefined;

  constructor(refusal: Refusal) {
    super(describe(refusal), refusal.cause === undefined ? undefined : { cause: refusal.cause });
    this.status = refusal.status;
    this.method = refusal.method;
    this.path = refusal.path;
    this.problem = refusal.problem;
    this.body = refusal.body;
    this.location = refusal.location;
    this.slug = refusal.problem && problemSlug(refusal.problem);
  }

  /** The server's own words: the problem's message or title; `undefined` when it gave none. */
  get serverMessage(): string | undefined {
    return this.problem?.msg ?? this.problem?.title;
  }

  /** The exception on the agent, as the manager passed it on (`agent-details`). */
  get agentException(): string | undefined {
    const exception = this.problem?.["agent-details"]?.exception;
    return exception === undefined ? undefined : textOf(exception);
  }
}

/** 401: the key, the signature, the password or the cookie is not accepted. */
export class UnauthorizedError extends ApiError {
  override readonly code: string = "UNAUTHORIZED";
}

/** What a login with a password lacks. */
export type LoginNeed =
  | "password"
  | "otp"
  /** Another code: the one given was not taken. */
  | "otp-again"
  | "otp-registration"
  | "password-change"
  | "email-verification"
  /** A keypair: the account has none that is active. */
  | "keypair"
  /** The end of another login: there are as many as are allowed. */
  | "fewer-logins"
  /** Something that only the server's words tell, such as those of a plugin. */
  | "other";

/** A web server or a manager did not log in. `needs` says what would help, as far as its answer tells. */
export class LoginError extends UnauthorizedError {
  override readonly code = "LOGIN";

  /** @param words The server's own, where it gave some. */
  constructor(
    readonly needs: LoginNeed,
    refusal: Refusal,
    readonly words?: string,
  ) {
    super(refusal);
  }
}

/** 403, or a path that the session's user may not touch. */
export class ForbiddenError extends ApiError {
  override readonly code = "FORBIDDEN";
}

/** 404, or a file that is not there. */
export class NotFoundError extends ApiError {
  override readonly code = "NOT_FOUND";
}

/** The group (project) or the domain of a call is not there, or not for the caller. */
export class GroupNotFoundError extends NotFoundError {}

/** A directory was expected and something else is there. */
export class NotADirectoryError extends ApiError {
  override readonly code = "NOT_A_DIRECTORY";
}

/** 409, or a name that is taken (`session-already-exists`). */
export class ConflictError extends ApiError {
  override readonly code = "CONFLICT";
}

/** A limit of the account or of the group is reached (`quota-exceeded`). */
export class QuotaExceededError extends ApiError {
  override readonly code = "QUOTA_EXCEEDED";
}

/** 429. Servers send no `Retry-After` (`protocol.md` §8.2), so the wait may be a guess. */
export class RateLimitedError extends ApiError {
  override readonly code: string = "RATE_LIMITED";

  constructor(
    readonly retryAfterMs: number,
    refusal: Refusal,
    /** Requests in 15 minutes that the server allows, where it says so. */
    readonly limit?: number,
  ) {
    super(refusal);
  }
}

/** 429 of a login: too many wrong ones came before, and the right one is refused as well for a while. */
export class LoginBlockedError extends RateLimitedError {
  override readonly code = "LOGIN_BLOCKED";
}

/** 5xx: the server or the agent behind it failed. */
export class ServerError extends ApiError {
  override readonly code = "SERVER";
}

/** 503 `server-frozen`: the server is in maintenance and changes nothing (`protocol.md` §8.3). */
export class ServerFrozenError extends ServerError {}

/** 502, 503: the server that answered does not reach the manager behind it. */
export class GatewayError extends ServerError {}

/** The clocks differ by 15 minutes or more, so no signature is accepted. */
export class ClockSkewError extends ApiError {
  override readonly code = "CLOCK_SKEW";

  constructor(
    /** The clock that signed the request. */
    readonly clientTime: Date,
    /** The `Date` header of the answer; `undefined` when it had none. */
    readonly serverTime: Date | undefined,
    refusal: Refusal,
  ) {
    super(refusal);
  }
}

/** A certificate, as its server shows it. */
export interface ShownCertificate {
  /** Whom it is for: its common name, or the first of its other names. */
  readonly subject: string;
  /** Who signed it. */
  readonly issuer: string;
  /** When it ends. */
  readonly validTo: Date;
  /** The names that it is good for. */
  readonly names: readonly string[];
}

/** The certificate of a server is not trusted. `reason` is Node's word for why. */
export class CertificateError extends NetworkError {
  constructor(
    /** Host and port that were to be reached. */
    readonly host: string,
    reason: string | undefined,
    /** `undefined` where it could not be read. */
    readonly certificate: ShownCertificate | undefined,
    options?: ErrorOptions,
  ) {
    super(`the certificate of ${host} is not trusted`, reason, options);
  }
}

/** Node's words for certificates that it does not trust (`node:tls`, “X509 certificate error codes”). */
export const untrustedReason =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)$/;

/** A proxy, and who named it. */
export interface ProxyOrigin {
  readonly url: string;
  /** What names it, such as `http.proxy` or `HTTPS_PROXY`. */
  readonly source: string;
}

/** The proxy on the way is not reached, or lets nothing through. */
export class ProxyError extends NetworkError {
  /** Host and port of the proxy. */
  readonly host: string;
  readonly source: string;

  constructor(
    { url, source }: ProxyOrigin,
    /** What it answered; `undefined` when it was not reached. */
    readonly status: number | undefined,
    reason: string | undefined,
    options?: ErrorOptions,
  ) {
    const { host } = new URL(url); // without the person's name and password
    super(
      status === undefined ? `the proxy ${host} was not reached` : `the proxy ${host} answered ${status}`,
      reason,
      options,
    );
    this.host = host;
    this.source = source;
  }
}

/** Something answers at an address, and it is no Backend.AI server. */
export class NotAServerError extends ProtocolError {
  constructor(
    readonly endpoint: string,
    /** Where a Backend.AI server does answer: on the same host, or where it redirects to. */
    readonly elsewhere: string | undefined,
    options?: ErrorOptions,
  ) {
    super("GET /", "", `there is no Backend.AI server at ${endpoint}`, options);
  }
}

/** GraphQL answered with errors; `messages` are the server's words. */
export class GraphqlError extends ApiError {
  override readonly code = "GRAPHQL";

  constructor(
    readonly messages: readonly string[],
    refusal: Refusal,
  ) {
    super(refusal);
  }
}

/**
 * A call met a defect that servers of this release are known for: a repetition will not help. What the server said is in
 * `cause`.
 */
export class ServerDefectError extends BackendAIError {
  readonly code = "SERVER_DEFECT";

  constructor(
    readonly defect: DefectName,
    options?: ErrorOptions,
  ) {
    super(`The server ${defects[defect].does}.`, options);
  }
}

/**
 * The session is kept busy by a run whose end was lost, or by a run of somebody else; the code was not run. What the server
 * said is in `cause`.
 */
export class SessionBlockedError extends BackendAIError {
  readonly code = "SESSION_BLOCKED";

  constructor(options?: ErrorOptions) {
    super("The session is busy with another run and took no new one.", options);
  }
}

/** The server said that it took files, and does not show them afterwards. */
export class UploadLostError extends BackendAIError {
  readonly code = "UPLOAD_LOST";

  constructor(
    /** Paths relative to `/home/work`. */
    readonly files: readonly string[],
  ) {
    super(`The server took ${files.join(", ")} and does not have it as it was sent.`);
  }
}

/** The server gave a run up: a frame `{"status":"error"}` on the execute websocket. */
export class RunFailedError extends BackendAIError {
  readonly code = "RUN_FAILED";
}

/** A file exceeds what one call can carry. Nothing of it was transferred. */
export class FileTooLargeError extends BackendAIError {
  readonly code = "FILE_TOO_LARGE";

  /** @param size Bytes, or `undefined` when only the server knows it. */
  constructor(
    readonly file: string,
    readonly size: number | undefined,
    readonly limit: number,
    options?: ErrorOptions,
  ) {
    const is = size === undefined ? "is too large" : `has ${String(size)} bytes`;
    super(`${file} ${is}; this call carries files of less than ${String(limit)} bytes.`, options);
  }
}

/** A path leads out of where it may point to; nothing was sent or written. */
export class UnsafePathError extends BackendAIError {
  readonly code = "UNSAFE_PATH";

  constructor(
    readonly file: string,
    why: string,
  ) {
    super(`${JSON.stringify(file)} ${why}.`);
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function describe({ status, method, path, problem, detail }: Refusal): string {
  const words = problem?.msg ?? problem?.title ?? detail;
  const agent = problem?.["agent-details"]?.exception;
  const cause = agent === undefined ? "" : ` (${textOf(agent)})`;
  return `${method} ${path} answered ${String(status)}${words ? `: ${words}` : ""}${cause}`;
}
