import { isGivenUp } from "../../sftp/sftpRequests.js";
import { isFileFailure } from "../fileAccessError.js";

/** Whether a way can't do something that another may; nothing was changed. */
export function isElsewhere(error: unknown): boolean {
  return (
    isFileFailure(error, "unavailable") ||
    isFileFailure(error, "unsupported") ||
    isFileFailure(error, "tooLarge")
  );
}

/** Whether the connection of a way was lost: what it was doing may be done, or not. */
export function isLost(error: unknown): boolean {
  return isGivenUp(error);
}

/** Whether only the rights were missing: an earlier upload may have left the file to root, as the next one is. */
export function isRefusedOnly(error: unknown): boolean {
  return isFileFailure(error, "permissionDenied");
}
