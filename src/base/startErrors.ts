import { BackendAIError } from "./errors.js";

/** A session does not run: it waits for resources, or it ended instead of starting. */
export class SessionNotRunningError extends BackendAIError {
  readonly code = "SESSION_NOT_RUNNING";

  /** @param isWaiting Whether it may still start. */
  constructor(
    message: string,
    readonly isWaiting: boolean,
  ) {
    super(message);
  }
}

/** What a server refused to start a session for. */
export type StartObstacle =
  "quota" | "image" | "group" | "resourceGroup" | "name" | "tooLarge" | "tooSmall" | "dependencies";

/** The server refused to start a session, for something that the person can choose otherwise. Its answer is the cause. */
export class StartRefusedError extends BackendAIError {
  readonly code = "START_REFUSED";

  constructor(
    readonly obstacle: StartObstacle,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
