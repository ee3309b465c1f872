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
      ? failed("unavailable", "The session is over.")
      : failed("notFound", `${path} is not in the session.`);
  }
  if (error instanceof NotADirectoryError) {
    return failed("notADirectory", `${path} is no folder.`);
  }
  if (error instanceof ForbiddenError && error.status !== 403) {
    return failed("permissionDenied", `The session's user may not do this with ${path}.`);
  }
  if (error instanceof FileTooLargeError) {
    return failed(
      "tooLarge",
      `${path} is too large for the server's file calls, which carry less than 1 MiB.`,
    );
  }
  if (error instanceof UploadLostError) {
    return failed("lost", `The server took ${path} and did not keep it.`);
  }
  return error instanceof UnsafePathError ? failed("invalid", messageOf(error)) : error;
}

/** Whether the agent failed without saying at what; newest servers never do. */
export function isUnexplained(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 500;
}
