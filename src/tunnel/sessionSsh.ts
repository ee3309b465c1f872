import type { BackendAIClient } from "../api/index.js";
import { abortable } from "../base/abort.js";
import { messageOf } from "../base/errors.js";
import type { Disposable } from "../base/lifecycle.js";
import { toDisposable } from "../base/lifecycle.js";
import type { Logger } from "../base/logger.js";
import type { HostKeys } from "./hostKeys.js";
import { fetchSessionKey } from "./sessionKey.js";
import type { SshConnection } from "./sshConnection.js";

/** How long a connection that nobody uses stays open, in milliseconds: the next click is then at once. */
const idleMs = 20_000;

/** A share in the connection of a session. Disposing it returns the share; the connection may go on for others. */
export interface SshLease extends Disposable {
  readonly connection: SshConnection;
}

/** The two keys of a session's sshd. */
export interface SshIdentity {
  /** The private key of its user, as the session keeps it. */
  readonly key: Buffer;
  /** The public key that its sshd has proved to hold, in ssh's own form. */
  readonly hostKey: Buffer;
}

/** What connections to a session are made of. */
export interface SessionSshParts {
  readonly client: BackendAIClient;
  readonly sessionId: string;
  readonly hostKeys: HostKeys;
  readonly logger: Logger;
}

interface Opening {
  readonly controller: AbortController;
  readonly connection: Promise<SshConnection>;
  waiting: number;
}

/** The one ssh connection of a session: opened when first needed, shared, and opened again on demand after it broke. */
export class SessionSsh implements Disposable {
  readonly #parts: SessionSshParts;
  #key: Buffer | undefined;
  #opening: Opening | undefined;
  #connection: SshConnection | undefined;
  #leases = 0;
  #idle: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(parts: SessionSshParts) {
    this.#parts = parts;
  }

  /** Whether there is a connection now. */
  get isOpen(): boolean {
    return this.#connection?.isOpen === true;
  }

  /**
   * A share in the connection, opened first when there is none. Callers share one attempt; it is given up when the last of
   * them has aborted.
   * @throws {NoSessionKeyError}
   * @throws {SshUnavailableError} where the session has no sshd, or not one for us.
   * @throws {HostKeyChangedError}
   * @throws {ServerDefectError} where the server can't reach the session's apps any more.
   * @throws {NetworkError}
   * @throws {TimeoutError}
   */
  async acquire(signal?: AbortSignal): Promise<SshLease> {
    if (this.#connection?.isOpen === true) {
      return this.#lease(this.#connection);
    }
    const opening = (this.#opening ??= this.#begin());
    opening.waiting += 1;
    try {
      return this.#lease(await abortable(opening.connection, signal));
    } finally {
      opening.waiting -= 1;
      if (opening.waiting === 0 && signal?.aborted === true && this.#opening === opening) {
        this.#opening = undefined;
        opening.controller.abort();
      }
    }
  }

  /**
   * What another ssh program needs to log in and to know the session again. The key is a secret.
   * @throws as `acquire` does.
   */
  async identity(signal?: AbortSignal): Promise<SshIdentity> {
    const lease = await this.acquire(signal);
    try {
      const key = this.#key ?? (await fetchSessionKey(this.#parts.client, this.#parts.sessionId, signal));
      return { key, hostKey: lease.connection.hostKey };
    } finally {
      lease.dispose();
    }
  }

  /** Closes the connection under whoever uses it. */
  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#idle);
    this.#opening?.controller.abort();
    this.#connection?.close();
    this.#connection = undefined;
    this.#key = undefined;
  }

  #begin(): Opening {
    const controller = new AbortController();
    const connection = this.#open(controller.signal).finally(() => {
      if (this.#opening?.controller === controller) {
        this.#opening = undefined;
      }
    });
    connection.catch(() => undefined); // who waits gets it
    return { controller, connection, waiting: 0 };
  }

  async #open(signal: AbortSignal): Promise<SshConnection> {
    const { client, sessionId, hostKeys, logger } = this.#parts;
    const startedAt = performance.now();
    // ssh2 is heavy: it is loaded when somebody first needs it, while the server looks for the key.
    const [key, { SshConnection }, { TunnelDuplex }] = await Promise.all([
      this.#key ?? fetchSessionKey(client, sessionId, signal),
      import("./sshConnection.js"),
      import("./tunnelDuplex.js"),
    ]);
    const tunnel = await client.apps.openTunnel(sessionId, "sshd", { signal });
    const connection = await SshConnection.open(new TunnelDuplex(tunnel), {
      key,
      checkHostKey: (hostKey) => hostKeys.check(sessionId, hostKey),
      signal,
    });
    if (signal.aborted || this.#isDisposed) {
      connection.close();
      throw new DOMException("The connection is not needed any more.", "AbortError"); // for programs
    }
    this.#key = key;
    this.#connection = connection;
    connection.onDidClose((error) => {
      logger.debug(`ssh to ${sessionId} ended${error === undefined ? "" : `: ${messageOf(error)}`}`);
      if (this.#connection === connection) {
        this.#connection = undefined;
        clearTimeout(this.#idle);
      }
    });
    logger.debug(`ssh to ${sessionId} is open after ${Math.round(performance.now() - startedAt)} ms`);
    return connection;
  }

  #lease(connection: SshConnection): SshLease {
    clearTimeout(this.#idle);
    this.#leases += 1;
    const share = toDisposable(() => {
      this.#leases -= 1;
      if (this.#leases === 0) {
        this.#idle = setTimeout(() => this.#connection?.close(), idleMs);
      }
    });
    return { connection, dispose: () => share.dispose() };
  }
}
