import { NotFoundError } from "../../api/errors.js";
import type { BackendAIClient } from "../../api/index.js";
import { deadline } from "../../base/abort.js";
import { phaseOf } from "../../wire/status.js";

/** How long it may take to learn whether the session is still there, in milliseconds. */
const lookMs = 5000;

/** Whether a session is known to be over: of one that ends, servers tell failures of their own. */
export async function isSessionOver(client: BackendAIClient, id: string): Promise<boolean> {
  const limit = deadline(lookMs, "total", "Looking for the session"); // for programs
  try {
    const { status } = await client.sessions.info(id, { signal: limit.signal });
    const phase = phaseOf(status ?? "");
    return phase === "ending" || phase === "ended";
  } catch (error) {
    return error instanceof NotFoundError;
  } finally {
    limit.clear();
  }
}
