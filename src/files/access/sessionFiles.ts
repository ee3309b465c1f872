import type { SessionPlace, SessionSftp } from "../sftp/sessionSftp.js";
import type { FileAccess } from "./fileAccess.js";
import type { WayChoice } from "./ways/routedAccess.js";

/** Where nobody can be asked, no commands are run. */
const unasked: WayChoice = { connection: () => "auto", mayRunCommands: () => Promise.resolve(false) };

/** The best access to a session's files that there is. Nothing is opened before it is used. */
export async function openSessionFiles(
  place: SessionPlace,
  sftp: SessionSftp,
  choice: WayChoice = unasked,
): Promise<FileAccess> {
  const { RoutedAccess } = await import("./ways/routedAccess.js");
  return new RoutedAccess(place, sftp, choice);
}
