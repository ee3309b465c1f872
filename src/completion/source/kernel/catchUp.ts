import type { BackendAIClient } from "../../../api/index.js";
import { deadline } from "../../../base/abort.js";

/** How long the run may take, in milliseconds. */
const catchUpMs = 30_000;

/**
 * A run of no code, for `KernelSourceParts.catchUp`: the server reads all that the session's kernel has published. IPython neither counts
 * such a run nor keeps it.
 * @throws {TimeoutError}
 */
export async function catchUpByEmptyRun(client: BackendAIClient, sessionId: string): Promise<void> {
  const limit = deadline(catchUpMs, "run", "A run of no code"); // for programs
  // Polled: only such a run has an id by which servers that lose its end are freed.
  const options = { carrier: "poll", signal: limit.signal, isHidden: true } as const;
  try {
    const events = client.runs.start(sessionId, { mode: "query", code: "" }, options)[Symbol.asyncIterator]();
    let isOver = false;
    while (!isOver) {
      isOver = (await events.next()).done === true;
    }
  } finally {
    limit.clear();
  }
}
