import * as l10n from "@vscode/l10n";
import { ServerDefectError, SessionBlockedError, UploadLostError } from "../../api/errors.js";
import {
  messageOf,
  SignedOutError,
  type SignedOutReason,
  TimeoutError,
  UnsupportedError,
  UntrustedWorkspaceError,
} from "../../base/errors.js";
import { defectWords } from "./defectWords.js";

const signedOutWords: Readonly<Record<SignedOutReason, (server: string) => string>> = {
  never: (server) => l10n.t("You are not signed in to {0}.", server),
  expired: (server) => l10n.t("Your login to {0} has expired.", server),
  refused: (server) => l10n.t("{0} no longer takes the keys that you signed in with.", server),
};

/** The message of anything that was thrown, in the language of VS Code: the rooms below this one speak English. */
export function shownMessage(error: unknown): string {
  if (error instanceof TimeoutError) {
    return l10n.t("{0} took longer than {1} s ({2}).", error.what, error.ms / 1000, error.phase);
  }
  if (error instanceof SignedOutError) {
    return signedOutWords[error.reason](error.server);
  }
  if (error instanceof UntrustedWorkspaceError) {
    return l10n.t(
      "This folder is not trusted, and sessions of this computer run its code with all your rights.",
    );
  }
  if (error instanceof UnsupportedError) {
    return l10n.t(
      "{0} needs {1}; this server is {2}.",
      error.what,
      releaseWords(error.needs),
      releaseWords(error.has),
    );
  }
  if (error instanceof SessionBlockedError) {
    return l10n.t("The session is busy with another run and took no new one.");
  }
  if (error instanceof UploadLostError) {
    return l10n.t("The server took {0} and does not have it as it was sent.", error.files.join(", "));
  }
  if (error instanceof ServerDefectError) {
    return l10n.t("The server {0}.", defectWords[error.defect].does);
  }
  return messageOf(error);
}

/** What a call needs, as `requirementOf` of `wire/features.ts` says it, and what a server is. */
function releaseWords(release: string): string {
  const [, since] = /^manager (\S+) or newer$/.exec(release) ?? [];
  const [, until] = /^a manager older than (\S+)$/.exec(release) ?? [];
  const [, is] = /^manager (\S+)$/.exec(release) ?? [];
  if (since !== undefined) {
    return l10n.t("manager {0} or newer", since);
  }
  if (until !== undefined) {
    return l10n.t("a manager older than {0}", until);
  }
  return is === undefined ? release : l10n.t("manager {0}", is);
}
