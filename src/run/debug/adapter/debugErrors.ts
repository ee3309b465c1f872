import * as l10n from "@vscode/l10n";
import { BackendAIError } from "../../../base/errors.js";

/** The session has no Python that could be debugged. */
export class NoPythonError extends BackendAIError {
  readonly code = "NO_PYTHON";

  constructor(python: string, session: string) {
    super(l10n.t("Session {0} has no {1}: debug in a session whose image has Python 3.", session, python));
  }
}

/** The session's Python has no debugpy; it can be installed. */
export class NoDebugpyError extends BackendAIError {
  readonly code = "NO_DEBUGPY";

  constructor(session: string) {
    super(l10n.t("Session {0} has no debugpy, which debugs Python.", session));
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
