import * as l10n from "@vscode/l10n";
import { NotFoundError } from "../../../api/errors.js";
import { abortable, delay } from "../../../base/abort.js";
import { errorCodeOf, messageOf } from "../../../base/errors.js";
import type { SessionSsh } from "../../../tunnel/sessionSsh.js";
import { RemoteFiles } from "../../sftp/remoteFiles.js";
import { noSshCodes, type SessionPlace, type SessionSftp } from "../../sftp/sessionSftp.js";
import { isGivenUp } from "../../sftp/sftpRequests.js";
import { FileAccessError } from "../fileAccessError.js";

/** How long a lost connection is tried again while nothing gets on, in milliseconds. */
const patienceMs = 20_000;

/** Between two tries, in milliseconds. */
const pauseMs = 500;

/** What an operation is about. */
export interface Asked {
  readonly path: string;
  readonly signal: AbortSignal;
}

/** An SFTP connection that is in use. Who has it disposes it. */
export interface OpenLink {
  readonly files: RemoteFiles;
  dispose(): void;
}

/** The SFTP of one session, for operations that outlive a lost connection. */
export class SftpLink {
  readonly #place: SessionPlace;
  readonly #sftp: SessionSftp;

  constructor(place: SessionPlace, sftp: SessionSftp) {
    this.#place = place;
    this.#sftp = sftp;
  }

  /** Whether the session was found to have no ssh a short while ago. */
  get isMissing(): boolean {
    return this.#sftp.isMissing(this.#place);
  }

  /** For programs that work on its files. */
  get ssh(): SessionSsh {
    return this.#sftp.ssh(this.#place);
  }

  /**
   * The connection, opened where there is none.
   * @throws {FileAccessError} (`unavailable`) where the session has no ssh, or is over.
   * @throws what `SessionSsh.acquire` throws.
   */
  async open({ path, signal }: Asked): Promise<OpenLink> {
    if (this.isMissing) {
      throw new FileAccessError("unavailable", path, l10n.t("The session can't be reached by ssh."));
    }
    try {
      const share = await this.#sftp.open(this.#place, signal);
      return { files: new RemoteFiles(share.requests), dispose: () => share.dispose() };
    } catch (error) {
      throw unavailable(error, path);
    }
  }

  /** Does something once; a lost connection is its end. */
  async once<T>(asked: Asked, action: (files: RemoteFiles) => Promise<T>): Promise<T> {
    const link = await this.open(asked);
    try {
      return await abortable(action(link.files), asked.signal);
    } finally {
      link.dispose();
    }
  }

  /** Does something that may be done twice: once more where the connection was lost meanwhile. */
  async twice<T>(asked: Asked, action: (files: RemoteFiles) => Promise<T>): Promise<T> {
    try {
      return await this.once(asked, action);
    } catch (error) {
      if (!isGivenUp(error)) {
        throw error;
      }
      asked.signal.throwIfAborted();
      return this.once(asked, action);
    }
  }

  /**
   * Does something that goes on where it was, again and again after lost connections, as long as it gets on.
   * @param progress Grows as it gets on.
   */
  async persist<T>(
    asked: Asked,
    action: (files: RemoteFiles) => Promise<T>,
    progress: () => number = () => 0,
  ): Promise<T> {
    let best = progress();
    let end: number | undefined;
    for (;;) {
      try {
        return await this.once(asked, action);
      } catch (error) {
        asked.signal.throwIfAborted();
        if (!isGivenUp(error)) {
          throw error;
        }
        if (end === undefined || progress() > best) {
          [best, end] = [progress(), performance.now() + patienceMs];
        } else if (performance.now() > end) {
          throw error;
        }
      }
      await delay(pauseMs, asked.signal);
    }
  }
}

function unavailable(error: unknown, path: string): unknown {
  const isLasting = noSshCodes.includes(errorCodeOf(error));
  if (error instanceof NotFoundError) {
    return new FileAccessError("unavailable", path, l10n.t("The session is over."), { cause: error });
  }
  return isLasting
    ? new FileAccessError(
        "unavailable",
        path,
        l10n.t("The session can't be reached by ssh: {0}", messageOf(error)),
        {
          cause: error,
        },
      )
    : error;
}
