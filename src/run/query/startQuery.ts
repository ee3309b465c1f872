import type { BackendAIClient, Run } from "../../api/index.js";

/**
 * Code in the interpreter of a session, whose variables stay. Always by the API: no other way reaches that interpreter. Polled
 * where servers stay blocked by a run that is lost: only a polled run has an id of ours, by which they are freed
 * (`real-servers.md`). Elsewhere by websocket, which tells output ten times as often.
 */
export function startQuery(
  client: BackendAIClient,
  sessionId: string,
  code: string,
  signal: AbortSignal,
): Run {
  const carrier = client.findings.has("runsBlock") ? "poll" : "stream";
  return client.runs.start(sessionId, { mode: "query", code }, { carrier, signal });
}
