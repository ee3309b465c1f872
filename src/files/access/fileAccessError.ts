import { BackendAIError } from "../../base/errors.js";

/** What went wrong with a file. */
export type FileFailure =
  | "notFound"
  | "exists"
  | "notADirectory"
  | "isADirectory"
  | "notEmpty"
  | "permissionDenied"
  /** The disk, or the quota, of the session is full. */
  | "full"
  /** More than this way carries, or more than there is memory for. */
  | "tooLarge"
  /** Somebody else has changed it since it was last seen. */
  | "changed"
  /** The name or the kind of thing does not allow it: a device, a link that leads in a circle, a name too long. */
  | "invalid"
  /** No way of this session can do it. */
  | "unsupported"
  /** The server did not keep what was written, or nobody knows whether it did. */
  | "lost"
  /** The session is over, or it can't be reached. */
  | "unavailable";

/** Something about a file of a session went wrong; the message is for people. Unless it says otherwise, nothing was changed. */
export class FileAccessError extends BackendAIError {
  readonly code = "FILE_ACCESS";

  constructor(
    readonly failure: FileFailure,
    /** Absolute in the session. */
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether something about a file went wrong in that way. */
export function isFileFailure(error: unknown, failure: FileFailure): boolean {
  return isFileAccessError(error) && error.failure === failure;
}

/** By its code: a copy of the class that was loaded in another way throws the same errors. */
function isFileAccessError(error: unknown): error is FileAccessError {
  return error instanceof Error && "code" in error && error.code === "FILE_ACCESS" && "failure" in error;
}
