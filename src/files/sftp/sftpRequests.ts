import * as l10n from "@vscode/l10n";
import type { SFTPWrapper } from "ssh2";
import { within } from "../../base/abort.js";
import { messageOf, NetworkError, TimeoutError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { SshConnection } from "../../tunnel/sshConnection.js";

/** Until the other end has its SFTP ready, in milliseconds. */
const openMs = 10_000;

/** The code with which a server refuses a request, as ssh2 puts it into its error; the protocol's version 3 has these. */
export const refusal = {
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

/** How ssh2 answers. */
type Done<T> = (error?: Error | null, answer?: T) => void;

/** A question to ssh2's SFTP. */
export type SftpQuestion<T> = (sftp: SFTPWrapper, done: Done<T>) => void;

/**
 * The SFTP of a session as promises, each of which ends: answered, refused (see {@link refusal}), or given up together with all
 * others when the connection is lost or when nothing at all is answered for a while. It lives as long as its connection.
 */
export class SftpRequests {
  readonly #sftp: SFTPWrapper;
  readonly #idleMs: number;
  readonly #hook: Disposable;
  readonly #pending = new Set<(error: Error) => void>();
  #silence: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  private constructor(sftp: SFTPWrapper, connection: SshConnection, idleMs: number) {
    this.#sftp = sftp;
    this.#idleMs = idleMs;
    sftp.on("close", () => this.#fail(lostConnection(undefined)));
    sftp.on("error", (error: Error) => this.#fail(lostConnection(error)));
    this.#hook = connection.onDidClose((error) => this.#fail(lostConnection(error)));
  }

  /**
   * @param idleMs Silence, in milliseconds, after which a server that owes answers is given up.
   * @throws {NetworkError} also where the sshd has no SFTP.
   * @throws {TimeoutError} (`handshake`)
   */
  static async open(connection: SshConnection, idleMs: number): Promise<SftpRequests> {
    const opening = connection.sftp();
    try {
      const sftp = await within(opening, openMs, "handshake", l10n.t("Opening SFTP"));
      return new SftpRequests(sftp, connection, idleMs);
    } catch (error) {
      opening.then((late) => late.end()).catch(() => undefined);
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#failure === undefined;
  }

  /**
   * Bytes that the server gives in one answer, as it says itself (`limits@openssh.com`) or as servers of its kind do; ssh2 would ask
   * for more piece by piece, and keeps what it knows to itself.
   */
  get readLimitBytes(): number {
    const known: unknown = Reflect.get(this.#sftp, "_maxReadLen");
    return typeof known === "number" ? known : 0;
  }

  /**
   * Asks, and waits for the answer.
   * @throws Error with a {@link refusal} as its `code`; one without a code where ssh2 itself refuses.
   * @throws {NetworkError}
   * @throws {TimeoutError} (`idle`)
   */
  async ask<T>(question: SftpQuestion<T>): Promise<T> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    let reject: (error: Error) => void = () => undefined;
    const answered = new Promise<T>((resolve, refuse) => {
      reject = refuse;
      this.#pending.add(reject);
      this.#listen();
      question(this.#sftp, (error, answer) => {
        this.#listen();
        if (error) {
          refuse(codeOf(error) === undefined ? lostConnection(error) : error);
        } else {
          resolve(answer as T); // without an error there is one
        }
      });
    });
    try {
      return await answered;
    } finally {
      this.#pending.delete(reject);
      if (this.#pending.size === 0) {
        clearTimeout(this.#silence);
      }
    }
  }

  /** Any answer is a sign of life for all that are waited for. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#fail(new TimeoutError("idle", this.#idleMs, l10n.t("An answer of the session's SFTP")));
    }, this.#idleMs);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    clearTimeout(this.#silence);
    this.#hook.dispose();
    this.#sftp.end();
    for (const reject of this.#pending) {
      reject(this.#failure);
    }
  }
}

/** The {@link refusal} that an error is, if it is one. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;
}

/** Whether an error ends all requests and not just one. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "NETWORK" || error.code === "TIMEOUT");
}

function lostConnection(cause: Error | undefined): NetworkError {
  const why = cause === undefined ? l10n.t("the connection to the session was lost") : messageOf(cause);
  return new NetworkError(`sftp: ${why}`, undefined, { cause });
}
