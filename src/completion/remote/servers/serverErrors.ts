import * as l10n from "@vscode/l10n";
import { BackendAIError } from "../../../base/errors.js";
import type { Installation, ServedLanguage } from "./languageServers.js";

/** The session has no server for a language. */
export class NoLanguageServerError extends BackendAIError {
  readonly code = "NO_LANGUAGE_SERVER";

  /** @param installations What tools of the session could install, the one to be preferred first. */
  constructor(
    readonly language: ServedLanguage,
    session: string,
    readonly installations: readonly Installation[],
  ) {
    const missing = l10n.t("Session {0} has no language server for {1}.", session, language.name);
    super(installations.length > 0 ? missing : `${missing} ${language.advice}`);
  }
}

/** A server did not start, or said nothing that could be understood. */
export class LanguageServerStartError extends BackendAIError {
  readonly code = "LANGUAGE_SERVER_START";
}

/** A server ended again and again, so it is not started any more by itself. */
export class LanguageServerGaveUpError extends BackendAIError {
  readonly code = "LANGUAGE_SERVER_GAVE_UP";
}

/** A server could not be installed into the session. */
export class LanguageServerInstallError extends BackendAIError {
  readonly code = "LANGUAGE_SERVER_INSTALL";
}
