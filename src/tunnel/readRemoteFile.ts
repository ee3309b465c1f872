import * as l10n from "@vscode/l10n";
import type { SFTPWrapper } from "ssh2";
import { BackendAIError } from "../base/errors.js";
import { formatBytes } from "../base/text.js";
import type { SessionSsh } from "./sessionSsh.js";

/** A file of a session can't be read: it is not there, it is none, or it is too large. */
export class RemoteFileError extends BackendAIError {
  readonly code = "REMOTE_FILE";
}

/**
 * The bytes of a file in a session, by SFTP.
 * @param path Absolute, or relative to the home.
 * @throws {RemoteFileError} also above `limitBytes`.
 * @throws {SshUnavailableError} and others of `SessionSsh.acquire`.
 */
export async function readRemoteFile(
  ssh: SessionSsh,
  path: string,
  { limitBytes, signal }: { readonly limitBytes: number; readonly signal: AbortSignal },
): Promise<Buffer> {
  const lease = await ssh.acquire(signal);
  try {
    const sftp = await lease.connection.sftp();
    const giveUp = (): void => sftp.end();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await read(sftp, path, limitBytes);
    } finally {
      signal.removeEventListener("abort", giveUp);
      sftp.end();
    }
  } finally {
    lease.dispose();
  }
}

async function read(sftp: SFTPWrapper, path: string, limitBytes: number): Promise<Buffer> {
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    const stream = sftp.createReadStream(path, { end: limitBytes });
    stream.on("error", () => undefined); // also after its end: its last request is lost when the channel closes first
    for await (const piece of stream) {
      const bytes = Buffer.from(piece as Uint8Array); // a stream without an encoding gives bytes
      pieces.push(bytes);
      size += bytes.length;
    }
    if (size > limitBytes) {
      throw new RemoteFileError(l10n.t("{0} is larger than {1}.", path, formatBytes(limitBytes)));
    }
    return Buffer.concat(pieces);
  } catch (error) {
    throw error instanceof RemoteFileError
      ? error
      : new RemoteFileError(l10n.t("{0} can't be read in the session.", path), { cause: error });
  }
}
