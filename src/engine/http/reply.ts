import type { ServerResponse } from "node:http";

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, or a function that writes the stream and resolves when it ends. */
  readonly body: Buffer | string | ((response: ServerResponse) => Promise<void>);
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

/** A problem body. */
export function problem(
  value: unknown,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(value, status, { "Content-Type": "application/problem+json; charset=utf-8", ...headers });
}

/** An answer without a body. */
export function noContent(): Reply {
  return { status: 204, headers: {}, body: "" };
}

/** Bytes of some media type. */
export function bytes(body: Buffer | string, contentType: string): Reply {
  return { status: 200, headers: { "Content-Type": contentType }, body };
}

/** A stream that `write` writes; it must return when the client has gone. */
export function streamed(
  headers: Readonly<Record<string, string>>,
  write: (response: ServerResponse) => Promise<void>,
): Reply {
  return { status: 200, headers, body: write };
}
