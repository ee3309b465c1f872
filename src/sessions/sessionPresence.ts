import type { BackendAIClient } from "../api/index.js";
import { NotFoundError } from "../api/errors.js";
import { BackendAIError } from "../base/errors.js";
import { phaseOf } from "../wire/status.js";

/** There is nothing left to connect to; the message says why. */
export class SessionOverError extends BackendAIError {
  readonly code = "SESSION_OVER";
}

/** The session is on its way up again; whoever needs it can wait. */
export class SessionNotReadyError extends BackendAIError {
  readonly code = "SESSION_NOT_READY";
}

/**
 * Makes sure that a session is still there.
 * @throws {SessionOverError}
 * @throws {SessionNotReadyError}
 * @throws {NetworkError} and other errors of a server that does not answer.
 */
export async function expectRunning(
  client: BackendAIClient,
  { id, name }: { readonly id: string; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  const summary = await client.sessions.summary(id, { signal }).catch((error: unknown) => {
    throw error instanceof NotFoundError
      ? new SessionOverError(`Session ${name} is gone.`, { cause: error })
      : error;
  });
  switch (phaseOf(summary.status)) {
    case "ending":
    case "ended":
    case "failed": {
      const reason = summary.statusInfo ? ` (${summary.statusInfo})` : "";
      throw new SessionOverError(`Session ${name} has ended${reason}.`);
    }
    case "starting":
    case "waiting":
      throw new SessionNotReadyError(`Session ${name} is ${summary.status.toLowerCase()}.`);
    case "running":
    case "unknown":
      return;
  }
}
