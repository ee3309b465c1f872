import { BackendAIError } from "../../base/errors.js";

/** Somebody's code runs in the session, or its server has to catch up first: nobody is asked now, whatever else could be. */
export class SessionBusyError extends BackendAIError {
  readonly code = "SESSION_BUSY";

  constructor() {
    super("The session is busy.");
  }
}
