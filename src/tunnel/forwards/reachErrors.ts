import { NotFoundError, ServerError } from "../../api/errors.js";
import { BackendAIError, StreamClosedError } from "../../base/errors.js";
import { type ForwardPlace, targetLabel } from "./forwardTarget.js";

/** Nothing listens on a port inside a session, or it hangs up at once. */
export class NothingAnswersError extends BackendAIError {
  readonly code = "NOTHING_ANSWERS";

  constructor({ session, target }: ForwardPlace, options?: ErrorOptions) {
    super(`Nothing answers at ${targetLabel(target)} of ${session.name}.`, options);
  }
}

/** The server could not start an app in a session. */
export class AppNotStartedError extends BackendAIError {
  readonly code = "APP_NOT_STARTED";

  constructor({ session, target }: ForwardPlace, options?: ErrorOptions) {
    super(
      `The server could not start ${targetLabel(target)} in ${session.name}: its image may not have it.`,
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
