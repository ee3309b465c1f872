import * as l10n from "@vscode/l10n";
import { BackendAIError } from "../../base/errors.js";

/** Somebody's code runs in the session, or its server has to catch up first: nobody is asked now, whatever else could be. */
export class SessionBusyError extends BackendAIError {
  readonly code = "SESSION_BUSY";

  constructor() {
    super(l10n.t("The session is busy."));
  }
}
