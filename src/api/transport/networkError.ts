import { BackendAIError, errorCodeOf, messageOf, NetworkError, TimeoutError } from "../../base/errors.js";

/** What is known of the way that failed. */
export interface Way {
  readonly where: string;
  readonly connectMs: number;
}

/** What a failed connection is called here: our own errors and aborts pass, the system's and undici's are translated. */
export function networkErrorOf(error: unknown, { where, connectMs }: Way): Error {
  if (error instanceof BackendAIError) {
    return error;
  }
  const root = rootOf(error) ?? error;
  const code = codeOf(root);
  if (error instanceof Error && error.name === "AbortError") {
    return error;
  }
  if (code === "UND_ERR_CONNECT_TIMEOUT") {
    return new TimeoutError("connect", connectMs, where, { cause: error });
  }
  return new NetworkError(`${where}: ${wordsOf(error)}`, code, { cause: error });
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
