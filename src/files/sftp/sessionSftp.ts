import type { BackendAIClient } from "../../api/index.js";
import { UnauthorizedError } from "../../api/errors.js";
import { delay } from "../../base/abort.js";
import { errorCodeOf, messageOf } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { HostKeyChangedError } from "../../tunnel/hostKeys.js";
import type { SessionSsh, SshLease } from "../../tunnel/sessionSsh.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import type { SshConnection } from "../../tunnel/sshConnection.js";
import type { SftpRequests } from "./sftpRequests.js";

/** Ways that are not there, by the codes of their errors: they stay away. */
export const noSshCodes: readonly unknown[] = ["NO_SESSION_KEY", "SSH_UNAVAILABLE", "SERVER_DEFECT"];

/** How long a session is not asked again for the ssh that it does not have, in milliseconds. */
const memoryMs = 60_000;

/** Silence, in milliseconds, after which a server that owes answers is given up. */
const idleMs = 30_000;

/** Until an sshd that refused a channel has closed another one, in milliseconds. */
const pauseMs = 300;

/** A session of a server. */
export interface SessionPlace {
  readonly client: BackendAIClient;
  readonly sessionId: string;
}

/** A share in the SFTP of a session. Who has it returns it. */
export interface SftpShare extends Disposable {
  readonly requests: SftpRequests;
}

/**
 * The SFTP of sessions, as long as somebody uses their ssh connections. A connection has one, which is never closed before it:
 * the sshd of real sessions refuses a channel, or drops the connection, when one is opened while another is being closed.
 */
export class SessionSftp {
  readonly #tunnels: SessionTunnels;
  readonly #logger: Logger;
  readonly #open = new WeakMap<SshConnection, Promise<SftpRequests>>();
  readonly #missing = new WeakMap<BackendAIClient, Map<string, number>>();

  constructor(tunnels: SessionTunnels, logger: Logger) {
    this.#tunnels = tunnels;
    this.#logger = logger;
  }

  /**
   * Does something by the SFTP of a session; `undefined` where there is none to be had. What `action` throws is thrown.
   * @throws {HostKeyChangedError}
   * @throws {UnauthorizedError}
   */
  async use<T>(
    place: SessionPlace,
    signal: AbortSignal,
    action: (requests: SftpRequests) => Promise<T>,
  ): Promise<{ readonly result: T } | undefined> {
    if (this.isMissing(place)) {
      return undefined;
    }
    let share: SftpShare;
    try {
      share = await this.open(place, signal);
    } catch (error) {
      if (signal.aborted || error instanceof HostKeyChangedError || error instanceof UnauthorizedError) {
        throw error;
      }
      return undefined;
    }
    try {
      return { result: await action(share.requests) };
    } finally {
      share.dispose();
    }
  }

  /**
   * A share in the SFTP of a session, which keeps its connection open.
   * @throws what `SessionSsh.acquire` throws; where a session has no ssh, that is remembered: see {@link isMissing}.
   */
  async open(place: SessionPlace, signal: AbortSignal): Promise<SftpShare> {
    let lease: SshLease | undefined;
    try {
      const owned = (lease = await this.#tunnels.ssh(place.client, place.sessionId).acquire(signal));
      const requests = await this.#requests(owned.connection, signal);
      return { requests, dispose: () => owned.dispose() };
    } catch (error) {
      lease?.dispose();
      signal.throwIfAborted();
      this.#note(place, error);
      throw error;
    }
  }

  /** The ssh connection of a session, for programs that work on its files. */
  ssh({ client, sessionId }: SessionPlace): SessionSsh {
    return this.#tunnels.ssh(client, sessionId);
  }

  /** Whether a session was found to have no ssh a short while ago. */
  isMissing({ client, sessionId }: SessionPlace): boolean {
    const since = this.#missing.get(client)?.get(sessionId);
    return since !== undefined && since + memoryMs > performance.now();
  }

  async #requests(connection: SshConnection, signal: AbortSignal): Promise<SftpRequests> {
    const known = await this.#open.get(connection)?.catch(() => undefined);
    if (known?.isOpen === true) {
      return known;
    }
    const opening = openRequests(connection, signal);
    this.#open.set(connection, opening);
    return opening;
  }

  #note({ client, sessionId }: SessionPlace, error: unknown): void {
    this.#logger.debug(`no SFTP of ${sessionId}: ${messageOf(error)}`);
    if (noSshCodes.includes(errorCodeOf(error))) {
      const missing = this.#missing.get(client) ?? new Map<string, number>();
      this.#missing.set(client, missing.set(sessionId, performance.now()));
    }
  }
}

async function openRequests(connection: SshConnection, signal: AbortSignal): Promise<SftpRequests> {
  const { SftpRequests } = await import("./sftpRequests.js");
  try {
    return await SftpRequests.open(connection, idleMs);
  } catch (error) {
    if (!connection.isOpen) {
      throw error;
    }
    await delay(pauseMs, signal); // another channel may just have been closing
    return SftpRequests.open(connection, idleMs);
  }
}
