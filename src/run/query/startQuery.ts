import type { BackendAIClient, Run } from "../../api/index.js";

/** Code in the interpreter of a session, whose variables stay. Always by the API: no other way reaches that interpreter. */
export function startQuery(
  client: BackendAIClient,
  sessionId: string,
  code: string,
  signal: AbortSignal,
): Run {
  return client.runs.query(sessionId, code, { signal });
}
