import * as l10n from "@vscode/l10n";
import { NotFoundError, ServerError } from "../../api/errors.js";
import { BackendAIError, StreamClosedError } from "../../base/errors.js";
import { type ForwardPlace, targetLabel } from "./forwardTarget.js";

/** Nothing listens on a port inside a session, or it hangs up at once. */
export class NothingAnswersError extends BackendAIError {
  readonly code = "NOTHING_ANSWERS";

  constructor({ session, target }: ForwardPlace, options?: ErrorOptions) {
    super(l10n.t("Nothing answers at {0} of {1}.", targetLabel(target), session.name), options);
  }
}

/** The server could not start an app in a session. */
export class AppNotStartedError extends BackendAIError {
  readonly code = "APP_NOT_STARTED";

  constructor({ session, target }: ForwardPlace, options?: ErrorOptions) {
    super(
      l10n.t(
        "The server could not start {0} in {1}: its image may not have it.",
        targetLabel(target),
        session.name,
      ),
      options,
    );
  }
}

/** What a failure to reach a port means; errors that say more about the server than about the port stay as they are. */
export function reachError(error: unknown, place: ForwardPlace): unknown {
  if (error instanceof StreamClosedError) {
    return new NothingAnswersError(place, { cause: error });
  }
  const isStartFailure =
    (error instanceof ServerError && error.slug === "app-service-start-failed") ||
    (error instanceof NotFoundError && error.slug === "app-not-found");
  return isStartFailure ? new AppNotStartedError(place, { cause: error }) : error;
}

/** Whether ssh itself works and only the port inside refused: ssh2 says so by the protocol's name for it (RFC 4254, 5.1). */
export function isRefusedBySession(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.cause instanceof Error &&
    /channel open failure/i.test(error.cause.message)
  );
}
