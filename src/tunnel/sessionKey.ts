import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../api/index.js";
import { ApiError } from "../api/errors.js";
import { BackendAIError } from "../base/errors.js";

/** Where a session keeps the private key for its user. */
const keyFile = "id_container";

/** A key is a few kB. */
const keyLimitBytes = 64 * 1024;

/** The session has no key to log in with. */
export class NoSessionKeyError extends BackendAIError {
  readonly code = "NO_SESSION_KEY";

  constructor(options?: ErrorOptions) {
    super(
      l10n.t(
        "The session has no file id_container, the key for ssh. Sessions that bring their own authorized_keys have none.",
      ),
      options,
    );
  }
}

/**
 * The private key of a session's user, in memory only.
 * @throws {NoSessionKeyError}
 * @throws {NetworkError} and other errors that say nothing about the key.
 */
export async function fetchSessionKey(
  client: BackendAIClient,
  sessionId: string,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  try {
    for await (const file of client.files.download(sessionId, [keyFile], { signal })) {
      // for programs
      if (file.type === "file" && file.bytes.length <= keyLimitBytes && file.bytes.includes("PRIVATE KEY")) {
        return file.bytes;
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    // A missing file is a 404, or a 500 with a Python traceback: the same as any other failure of the agent.
    if (error instanceof ApiError && (error.status === 404 || error.status === 500)) {
      throw new NoSessionKeyError({ cause: error });
    }
    throw error;
  }
  throw new NoSessionKeyError();
}
