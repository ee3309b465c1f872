import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { NetworkError } from "../../base/errors.js";
import { endOf } from "../../tunnel/programEnd.js";
import type { SessionSsh, SshLease } from "../../tunnel/sessionSsh.js";
import { endCommand, followCommand, type JobOffsets } from "./jobScripts.js";
import { type JobPiece, PieceQueue } from "./pieceQueue.js";

/** What a job writes, over one connection, and what is typed for it. Who opens it closes it. */
export class JobAttachment {
  readonly #lease: SshLease;
  readonly #channel: ClientChannel;
  /** When much waits for the reader, the session's sshd waits too. */
  readonly #pieces: PieceQueue;

  private constructor(lease: SshLease, channel: ClientChannel) {
    this.#lease = lease;
    this.#channel = channel;
    const { stderr } = channel;
    this.#pieces = new PieceQueue(() => {
      channel.resume();
      stderr.resume();
    });
    const take =
      (stream: "out" | "err") =>
      (bytes: Buffer): void => {
        if (!this.#pieces.push({ stream, bytes })) {
          channel.pause();
          stderr.pause();
        }
      };
    const ended = endOf(channel);
    channel.on("error", () => undefined); // its end tells
    channel.on("data", take("out"));
    stderr.on("data", take("err"));
    void ended.then(({ exitCode, signal }) => {
      const isLost = exitCode === undefined && signal === undefined;
      this.#pieces.end(
        isLost ? new NetworkError(l10n.t("ssh: the connection was lost."), undefined) : undefined,
      );
    });
  }

  /**
   * Follows a job from some bytes on to its end.
   * @throws {NetworkError}
   * @throws {SshUnavailableError} and others of `SessionSsh.acquire`.
   */
  static async follow(
    ssh: SessionSsh,
    id: string,
    options: { readonly from: JobOffsets; readonly signal: AbortSignal },
  ): Promise<JobAttachment> {
    return JobAttachment.#open(ssh, followCommand(id, options.from), options.signal);
  }

  /** Reads the line about a job and, of one that does not run, its output from some bytes on; throws as `follow` does. */
  static async ending(
    ssh: SessionSsh,
    id: string,
    options: { readonly from: JobOffsets; readonly signal: AbortSignal },
  ): Promise<JobAttachment> {
    return JobAttachment.#open(ssh, endCommand(id, options.from), options.signal);
  }

  static async #open(ssh: SessionSsh, command: string, signal: AbortSignal): Promise<JobAttachment> {
    const lease = await ssh.acquire(signal);
    try {
      return new JobAttachment(lease, await lease.connection.exec(command, signal));
    } catch (error) {
      lease.dispose();
      throw error;
    }
  }

  /**
   * What comes, in order within each stream. Ends with the program that reads it in the session, which says nothing of the job.
   * @throws {NetworkError} when the connection is lost.
   */
  read(): AsyncIterable<JobPiece> {
    return this.#pieces;
  }

  /** Types for the job. */
  write(text: string): void {
    this.#channel.write(text);
  }

  /** Ends the connection's part; the job goes on. */
  close(): void {
    this.#channel.close();
    this.#pieces.end();
    this.#lease.dispose();
  }
}
