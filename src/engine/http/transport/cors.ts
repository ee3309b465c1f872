import type { IncomingMessage } from "node:http";
import type { Reply } from "../reply.js";

/** The answer to `OPTIONS`, which the servers give without authentication. */
export function preflight(request: IncomingMessage, methods: readonly string[]): Reply {
  const { origin } = request.headers;
  return {
    status: 200,
    headers: {
      ...(origin !== undefined ? { "Access-Control-Allow-Origin": origin } : {}),
      "Access-Control-Allow-Methods": methods.join(","),
    },
    body: "",
  };
}

/** Adds what a page of the engine's own origin needs to read the answer; others have been refused before. */
export function withCors(request: IncomingMessage, reply: Reply): Reply {
  const { origin } = request.headers;
  return origin === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, "Access-Control-Allow-Origin": origin } };
}
