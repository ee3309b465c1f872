import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../api/index.js";
import { NotFoundError } from "../api/errors.js";
import { BackendAIError } from "../base/errors.js";
import { phaseOf } from "../wire/status.js";
import { wordOf } from "./sessionTree.js";

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
      ? new SessionOverError(l10n.t("Session {0} is gone.", name), { cause: error })
      : error;
  });
  switch (phaseOf(summary.status)) {
    case "ending":
    case "ended":
    case "failed": {
      throw new SessionOverError(
        summary.statusInfo
          ? l10n.t("Session {0} has ended ({1}).", name, summary.statusInfo)
          : l10n.t("Session {0} has ended.", name),
      );
    }
    case "starting":
    case "waiting":
      throw new SessionNotReadyError(l10n.t("Session {0} is {1}.", name, wordOf(summary.status)));
    case "running":
    case "unknown":
      return;
  }
}
