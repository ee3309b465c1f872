import type { BackendAIClient } from "../../api/index.js";
import { UnauthorizedError } from "../../api/errors.js";
import { delay } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { HostKeyChangedError } from "../../tunnel/hostKeys.js";
import type { SshLease } from "../../tunnel/sessionSsh.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import type { SshConnection } from "../../tunnel/sshConnection.js";
import type { SftpRequests } from "./sftpRequests.js";

/** Ways that are not there, by the codes of their errors: they stay away. */
const lasting = ["NO_SESSION_KEY", "SSH_UNAVAILABLE", "SERVER_DEFECT"];

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
    const opened = await this.#opened(place, signal);
    if (opened === undefined) {
      return undefined;
    }
    try {
      return { result: await action(opened.requests) };
    } finally {
      opened.lease.dispose();
    }
  }

  async #opened(
    place: SessionPlace,
    signal: AbortSignal,
  ): Promise<{ readonly lease: SshLease; readonly requests: SftpRequests } | undefined> {
    if (this.#isMissing(place)) {
      return undefined;
    }
    let lease: SshLease | undefined;
    try {
      lease = await this.#tunnels.ssh(place.client, place.sessionId).acquire(signal);
      return { lease, requests: await this.#requests(lease.connection, signal) };
    } catch (error) {
      lease?.dispose();
      signal.throwIfAborted();
      if (error instanceof HostKeyChangedError || error instanceof UnauthorizedError) {
        throw error;
      }
      this.#note(place, error);
      return undefined;
    }
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

  #isMissing({ client, sessionId }: SessionPlace): boolean {
    const since = this.#missing.get(client)?.get(sessionId);
    return since !== undefined && since + memoryMs > performance.now();
  }

  #note({ client, sessionId }: SessionPlace, error: unknown): void {
    this.#logger.debug(`no SFTP of ${sessionId}: ${messageOf(error)}`);
    if (error instanceof Error && "code" in error && lasting.includes(String(error.code))) {
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
