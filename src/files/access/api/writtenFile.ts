import type { SessionPlace } from "../../sftp/sessionSftp.js";
import type { FileInfo } from "../fileAccess.js";
import { relative } from "./directories.js";

/** What writing one file works with. */
export interface WrittenFile extends SessionPlace {
  /** What is there, perhaps as it was a moment ago; {@link forget} has it asked again. */
  find(signal: AbortSignal): Promise<FileInfo | undefined>;
  forget(): void;
  /** @throws {FileAccessError} where its folder is not there. */
  expectFolder(signal: AbortSignal): Promise<void>;
  read(info: FileInfo, signal: AbortSignal): Promise<Buffer>;
}

/** Has the server write bytes where the file is. */
export async function uploaded(
  file: WrittenFile,
  path: string,
  content: Buffer,
  signal: AbortSignal,
): Promise<void> {
  await file.client.files.upload(file.sessionId, [{ path: relative(path), content }], { signal });
}
