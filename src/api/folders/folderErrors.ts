import { ApiError, ConflictError, ForbiddenError, NotADirectoryError, NotFoundError } from "../errors.js";

/**
 * A refused call on folders, said more exactly where the server's words allow: managers pass the trouble of a storage proxy on
 * as a 400 with the system's words (`protocol.md` §6.5). 26.x says nothing: it stays an `ApiError`.
 */
export function translateFolderError(error: unknown): unknown {
  if (!(error instanceof ApiError) || (error.status !== 400 && error.status !== 500)) {
    return error;
  }
  const { status, method, path, problem } = error;
  const refusal = { status, method, path, problem, cause: error };
  const words = `${error.slug ?? ""} ${error.serverMessage ?? ""} ${JSON.stringify(problem?.data ?? "")}`;
  if (/No such (file|target|vfolder)|file is not found|FileNotFound|file-not-found/i.test(words)) {
    return new NotFoundError(refusal);
  }
  if (/already.exists|already has the name|File exists|FileExists/i.test(words)) {
    return new ConflictError(refusal);
  }
  if (/Not a directory|NotADirectory|must be a directory/.test(words)) {
    return new NotADirectoryError(refusal);
  }
  return /Permission denied|PermissionError|not owned by m/i.test(words)
    ? new ForbiddenError(refusal)
    : error;
}

/** Runs a call; what it rejects with is translated. */
export async function withFolderErrors<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateFolderError(error);
  }
}
