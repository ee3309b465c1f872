import { BackendAIError, errorCodeOf, messageOf, NetworkError, TimeoutError } from "../../base/errors.js";
import { ProxyError, type ProxyOrigin } from "../errors.js";

/** What is known of the way that failed. */
export interface Way {
  readonly where: string;
  readonly connectMs: number;
  readonly proxy?: ProxyOrigin | undefined;
}

/** What undici says of a proxy that refuses a tunnel. */
const refusedTunnel = /^Proxy response \((\d+)\)/;

/** What a failed connection is called here: our own errors and aborts pass, the system's and undici's are translated. */
export function networkErrorOf(error: unknown, { where, connectMs, proxy }: Way): Error {
  if (error instanceof BackendAIError) {
    return error;
  }
  const root = rootOf(error) ?? error;
  const code = codeOf(root);
  const refusal = proxy && refusedTunnel.exec(messageOf(error)); // undici calls it an abort
  if (refusal) {
    return new ProxyError(proxy, Number(refusal[1]), code, { cause: error });
  }
  if (error instanceof Error && error.name === "AbortError") {
    return error;
  }
  if (proxy !== undefined && isUnreached(root, code)) {
    return new ProxyError(proxy, undefined, code, { cause: error });
  }
  if (code === "UND_ERR_CONNECT_TIMEOUT") {
    return new TimeoutError("connect", connectMs, where, { cause: error });
  }
  return new NetworkError(`${where}: ${wordsOf(error)}`, code, { cause: error });
}

/** Whether a connection was not even made: through a proxy, that is one to the proxy. */
function isUnreached(error: unknown, code: string | undefined): boolean {
  const isOfSystem =
    typeof error === "object" &&
    error !== null &&
    "syscall" in error &&
    (error.syscall === "connect" || error.syscall === "getaddrinfo");
  return isOfSystem || code === "UND_ERR_CONNECT_TIMEOUT" || code === "UND_ERR_PRX_TLS";
}

/** The error itself, or the first one inside it that has a code (several addresses were tried). */
function rootOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null || typeof errorCodeOf(error) === "string") {
    return error;
  }
  const inner: readonly unknown[] =
    error instanceof AggregateError ? error.errors : [error instanceof Error ? error.cause : undefined];
  return inner.map(rootOf).find((candidate) => typeof errorCodeOf(candidate) === "string");
}

/** The error's code; undici gives none to the usual answer that is no HTTP. */
function codeOf(error: unknown): string | undefined {
  const code = errorCodeOf(error);
  const isNoHttp = error instanceof Error && error.name === "HTTPParserError";
  return typeof code === "string" ? code : isNoHttp ? "HPE_INVALID_PROTOCOL" : undefined;
}

/** The message; that of an `AggregateError` is empty, so that of its first part. */
function wordsOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return messageOf(error) || (first === undefined ? "the connection failed" : messageOf(first));
}
