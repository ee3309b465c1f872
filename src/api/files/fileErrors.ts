import {
  type ApiError,
  FileTooLargeError,
  ForbiddenError,
  NotADirectoryError,
  NotFoundError,
  type Refusal,
  ServerError,
} from "../errors.js";
import { limits } from "../../wire/limits.js";

/**
 * The error that a Python traceback or exception names, as servers report trouble with files: in a 200's `errors`, or in
 * the agent's exception of a 500 (`protocol.md` §6, `real-servers.md`).
 */
export function fileErrorOf(words: string, refusal: Refusal): ApiError {
  const detail = words.trim().split("\n").at(-1) ?? "";
  const given = { ...refusal, detail };
  if (
    /FileNotFoundError|NoSuchFile|No such file|Could not found|Could not download the archive/.test(words)
  ) {
    return new NotFoundError(given);
  }
  if (/NotADirectoryError|Not a directory/.test(words)) {
    return new NotADirectoryError(given);
  }
  return /PermissionError|Permission denied/.test(words) ? new ForbiddenError(given) : new ServerError(given);
}

/** A failed call on `file`, said more exactly where the agent's exception allows. Newest servers say nothing: it stays a `ServerError`. */
export function translateFileError(error: unknown, file: string): unknown {
  if (!(error instanceof ServerError) || error.agentException === undefined) {
    return error;
  }
  if (/too large/i.test(error.agentException)) {
    return new FileTooLargeError(file, undefined, limits.downloadTarBytes, { cause: error });
  }
  const { status, method, path, problem } = error;
  const translated = fileErrorOf(error.agentException, { status, method, path, problem, cause: error });
  return translated instanceof ServerError ? error : translated;
}
