import { BackendAIError, messageOf, NetworkError, TimeoutError } from "../../base/errors.js";

/** What a failed connection is called here: our own errors and aborts pass, the system's and undici's are translated. */
export function networkErrorOf(error: unknown, where: string, connectMs: number): Error {
  if (error instanceof BackendAIError || (error instanceof Error && error.name === "AbortError")) {
    return error;
  }
  const code = codeOf(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT") {
    return new TimeoutError("connect", connectMs, where, { cause: error });
  }
  return new NetworkError(`${where}: ${wordsOf(error)}`, code, { cause: error });
}

/** `code` of the error, or of the first one inside it that has one (several addresses were tried). */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) {
    return undefined;
  }
  if ("code" in error && typeof error.code === "string") {
    return error.code;
  }
  const inner =
    error instanceof AggregateError ? error.errors : [error instanceof Error ? error.cause : undefined];
  return inner.map(codeOf).find((code) => code !== undefined);
}

/** The message; that of an `AggregateError` is empty, so that of its first part. */
function wordsOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return messageOf(error) || (first === undefined ? "the connection failed" : messageOf(first));
}
