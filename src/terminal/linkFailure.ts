import { ApiError, ServerDefectError, UnauthorizedError } from "../api/errors.js";
import { NetworkError } from "../base/errors.js";
import { HostKeyChangedError } from "../tunnel/hostKeys.js";
import { NoSessionKeyError } from "../tunnel/sessionKey.js";
import { MuteTerminalError } from "./links/ptyLink.js";

/**
 * What a failed way in means. `stop`: no other way may be tried, and this one not again. `unreachable`: the server can't be
 * reached now, so no way can. `refused`: this way will not work in this session. `failed`: it did not work this time.
 */
export type LinkVerdict = "stop" | "unreachable" | "refused" | "failed";

/** Judges the error of a way in. */
export function verdictOf(error: unknown): LinkVerdict {
  if (error instanceof HostKeyChangedError || error instanceof UnauthorizedError) {
    return "stop";
  }
  if (
    error instanceof MuteTerminalError ||
    error instanceof NoSessionKeyError ||
    error instanceof ServerDefectError ||
    (error instanceof ApiError && error.status === 404) ||
    isUnavailable(error)
  ) {
    return "refused";
  }
  if (error instanceof NetworkError && error.reason !== undefined) {
    return "unreachable";
  }
  return "failed";
}

/** By its code: the class comes with ssh2, which is not loaded for this. */
function isUnavailable(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "SSH_UNAVAILABLE";
}
