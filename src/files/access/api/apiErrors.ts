import * as l10n from "@vscode/l10n";
import {
  ApiError,
  FileTooLargeError,
  ForbiddenError,
  NotADirectoryError,
  NotFoundError,
  UnsafePathError,
  UploadLostError,
} from "../../../api/errors.js";
import { messageOf } from "../../../base/errors.js";
import { FileAccessError } from "../fileAccessError.js";

/** What the server's file calls refuse, in words about the file. */
export function apiFailure(error: unknown, path: string): unknown {
  const failed = (failure: FileAccessError["failure"], message: string): FileAccessError =>
    new FileAccessError(failure, path, message, { cause: error });
  if (error instanceof NotFoundError) {
    // What a session does not have is told within a 200 or a 500.
    return error.status === 404
      ? failed("unavailable", l10n.t("The session is over."))
      : failed("notFound", l10n.t("{0} is not in the session.", path));
  }
  if (error instanceof NotADirectoryError) {
    return failed("notADirectory", l10n.t("{0} is no folder.", path));
  }
  if (error instanceof ForbiddenError && error.status !== 403) {
    return failed("permissionDenied", l10n.t("The session's user may not do this with {0}.", path));
  }
  if (error instanceof FileTooLargeError) {
    return failed(
      "tooLarge",
      l10n.t("{0} is too large for the server's file calls, which carry less than 1 MiB.", path),
    );
  }
  if (error instanceof UploadLostError) {
    return failed("lost", l10n.t("The server took {0} and did not keep it.", path));
  }
  return error instanceof UnsafePathError ? failed("invalid", messageOf(error)) : error;
}

/** Whether the agent failed without saying at what; newest servers never do. */
export function isUnexplained(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 500;
}
