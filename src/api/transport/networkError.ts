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
  if (error instanceof BackendAIError || (error instanceof Error && error.name === "AbortError")) {
    return error;
  }
  const root = rootOf(error);
  const code = textOf(errorCodeOf(root));
  if (proxy !== undefined) {
    const status = refusedTunnel.exec(messageOf(error))?.[1];
    if (status !== undefined || isUnreached(root, code)) {
      return new ProxyError(proxy, status === undefined ? undefined : Number(status), code, { cause: error });
    }
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

function textOf(code: unknown): string | undefined {
  return typeof code === "string" ? code : undefined;
}

/** The message; that of an `AggregateError` is empty, so that of its first part. */
function wordsOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return messageOf(error) || (first === undefined ? "the connection failed" : messageOf(first));
}
