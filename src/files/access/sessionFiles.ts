import type { SessionPlace, SessionSftp } from "../sftp/sessionSftp.js";
import type { FileAccess } from "./fileAccess.js";

/** The best access to a session's files that there is. Nothing is opened before it is used. */
export async function openSessionFiles(place: SessionPlace, sftp: SessionSftp): Promise<FileAccess> {
  const { SftpAccess } = await import("./sftp/sftpAccess.js");
  return new SftpAccess(place, sftp);
}
