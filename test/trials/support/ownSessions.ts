import { randomBytes } from "node:crypto";
import { ApiError, type BackendAIClient, NotFoundError } from "../../../src/api/index.js";
import { liveStatusesOf, phaseOf } from "../../../src/wire/status.js";
import { eventually } from "../../conformance/assertions.js";

const prefix = "trial-";

/** A name by which a session is known as one of ours. */
export function trialName(): string {
  return `${prefix}${randomBytes(5).toString("hex")}`;
}

/** Destroys a session unless it is over, and waits until it is. */
export async function endSession(client: BackendAIClient, id: string, signal: AbortSignal): Promise<void> {
  await eventually(async () => isOver(client, id, signal), signal);
}

/** Ends every session of ours that lives, also one that a trial has lost or an earlier run left behind. */
export async function endOwnSessions(client: BackendAIClient, signal: AbortSignal): Promise<void> {
  const ids: string[] = [];
  const status = liveStatusesOf(client.dialect.manager);
  for await (const { id, name } of client.sessions.list({ status }, { signal })) {
    if (name.startsWith(prefix)) {
      ids.push(id);
    }
  }
  await Promise.all(ids.map(async (id) => endSession(client, id, signal)));
}

/** Asks for the end; a session that is neither up nor down refuses, and is asked again. */
async function isOver(client: BackendAIClient, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { status } = await client.sessions.summary(id, { signal });
    const phase = phaseOf(status);
    if (phase !== "ended" && phase !== "ending") {
      await client.sessions.destroy(id, { forced: phase === "failed" }, { signal });
    }
    return phase === "ended";
  } catch (error) {
    if (error instanceof ApiError) {
      return error instanceof NotFoundError;
    }
    throw error;
  }
}
