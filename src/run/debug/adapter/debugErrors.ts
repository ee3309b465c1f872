import { BackendAIError } from "../../../base/errors.js";

/** The session has no Python that could be debugged. */
export class NoPythonError extends BackendAIError {
  readonly code = "NO_PYTHON";

  constructor(python: string, session: string) {
    super(`Session ${session} has no ${python}: debug in a session whose image has Python 3.`);
  }
}

/** The session's Python has no debugpy; it can be installed. */
export class NoDebugpyError extends BackendAIError {
  readonly code = "NO_DEBUGPY";

  constructor(session: string) {
    super(`Session ${session} has no debugpy, which debugs Python.`);
  }
}

/** debugpy could not be installed into the session. */
export class DebugpyInstallError extends BackendAIError {
  readonly code = "DEBUGPY_INSTALL";
}

/** debugpy did not start, or said nothing in time. */
export class DebugpyStartError extends BackendAIError {
  readonly code = "DEBUGPY_START";
}
