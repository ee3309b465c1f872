import * as l10n from "@vscode/l10n";
import type { Duplex } from "node:stream";
import ssh2, { type Client, type ClientChannel, type ConnectConfig, type SFTPWrapper } from "ssh2";
import { abortable, reasonOf, within } from "../base/abort.js";
import { asError, BackendAIError, NetworkError, TimeoutError } from "../base/errors.js";
import { Emitter } from "../base/event.js";
import { ChannelPace } from "./channelPace.js";
import { HostKeyChangedError } from "./hostKeys.js";
import { SilentAppError, type TunnelDuplex } from "./tunnelDuplex.js";

/** The user that every container of Backend.AI has. */
const user = "work";

/** How long the next channels wait for one that is closing, in milliseconds. */
const closingMs = 1000;

/** From the first byte to the end of the login, in milliseconds. */
const loginMs = 10_000;

/** The session's sshd could not be used: it is not there, or it refused the key. Another way in may work. */
export class SshUnavailableError extends BackendAIError {
  readonly code = "SSH_UNAVAILABLE";
}

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly cols: number;
}

/** What logging in needs. */
export interface SshLogin {
  readonly key: Buffer;
  /** Throws when the key of the other end is not the expected one. */
  readonly checkHostKey: (key: Buffer) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How ssh2 answers. */
type Answer<T> = (error: Error | undefined, answer: T) => void;

/** An ssh connection into a session. It is open until `onDidClose`; who opens it, closes it. */
export class SshConnection {
  /** The key that the other end has shown and proved, in ssh's own form. */
  readonly hostKey: Buffer;
  readonly #client: Client;
  readonly #tunnel: TunnelDuplex;
  readonly #pace: ChannelPace;
  readonly #didClose = new Emitter<Error | undefined>();
  /** Channels that were closed here and not yet there. */
  readonly #closing = new Set<Promise<void>>();
  #isOpen = true;

  /** Fired once, with what broke the connection if something did. */
  readonly onDidClose = this.#didClose.event;

  private constructor(client: Client, tunnel: TunnelDuplex, hostKey: Buffer) {
    this.hostKey = hostKey;
    this.#client = client;
    this.#tunnel = tunnel;
    this.#pace = new ChannelPace(tunnel);
    let failure: Error | undefined;
    client.on("error", (error) => {
      failure ??= error;
    });
    client.on("close", () => this.#closed(failure));
    tunnel.on("error", (error) => {
      failure ??= error;
    });
    tunnel.on("close", () => this.#closed(failure));
    // ssh2 keeps its own half open when the other end has ended the tunnel, and nothing comes after that.
    tunnel.once("end", () => tunnel.destroy());
  }

  /**
   * Logs in over `tunnel`, which belongs to the connection from then on and ends with it.
   * @throws {SshUnavailableError} where no sshd answers or it refuses the key.
   * @throws {HostKeyChangedError}
   * @throws {NetworkError}
   * @throws {TimeoutError} (`handshake`)
   */
  static async open(tunnel: TunnelDuplex, login: SshLogin): Promise<SshConnection> {
    const client = new ssh2.Client();
    client.on("error", () => undefined); // one that breaks reports more than one error, and only the first has a reader
    let hostKey = Buffer.alloc(0);
    const checkHostKey = (shown: Buffer): void => {
      login.checkHostKey(shown);
      hostKey = Buffer.from(shown);
    };
    try {
      await loggedIn(client, tunnel, { ...login, checkHostKey });
      return new SshConnection(client, tunnel, hostKey);
    } catch (error) {
      client.destroy();
      tunnel.on("error", () => undefined);
      tunnel.destroy();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Starts a program without a terminal. Its error output is `stderr` of the channel. Given up by `signal`, a channel that comes
   * too late is closed.
   * @throws {NetworkError}
   */
  exec(command: string, signal?: AbortSignal): Promise<ClientChannel> {
    return this.#paced((done) => this.#client.exec(command, done), signal);
  }

  /**
   * Starts a program on a pseudo-terminal, `xterm-256color`; given up as with `exec`.
   * @throws {NetworkError}
   */
  execOnTerminal(
    command: string,
    { rows, cols }: TerminalSize,
    signal?: AbortSignal,
  ): Promise<ClientChannel> {
    const pty = { rows, cols, term: "xterm-256color" };
    return this.#paced((done) => this.#client.exec(command, { pty }, done), signal);
  }

  /** @throws {NetworkError} */
  async sftp(): Promise<SFTPWrapper> {
    await this.#calm();
    const sftp = await this.#ask<SFTPWrapper>((done) => this.#client.sftp(done));
    const closed = closeOf(sftp);
    const end = sftp.end.bind(sftp);
    sftp.end = (): void => {
      this.#closes(closed);
      end();
    };
    return sftp;
  }

  /**
   * A TCP connection to a port inside the session.
   * @throws {NetworkError} when nothing listens there.
   */
  connectTo(port: number, host = "127.0.0.1"): Promise<Duplex> {
    return this.#paced((done) => this.#client.forwardOut("127.0.0.1", 0, host, port, done));
  }

  /**
   * Resolves when the server has everything written so far, on its way to the session.
   * @throws {TimeoutError} (`idle`) after `ms` milliseconds; the connection is dead then.
   * @throws {StreamClosedError}
   */
  async delivered(ms: number): Promise<void> {
    await this.#tunnel.delivered(ms);
  }

  /**
   * Resolves when the session's sshd has read everything written so far: it answers in order.
   * @throws {TimeoutError} (`idle`) after `ms` milliseconds.
   * @throws {NetworkError} when the connection is lost before.
   */
  async taken(ms: number): Promise<void> {
    const answered = this.#ask<true>((done) => {
      // Nothing was ever bound there: the answer is a refusal and changes nothing. ssh2 calls back for a lost connection, too.
      this.#client.unforwardIn("127.0.0.1", 1, () =>
        done(this.#tunnel.destroyed ? new Error(l10n.t("the connection was lost")) : undefined, true),
      );
    });
    await within(answered, ms, "idle", "Reading what was typed"); // for programs
  }

  /** Ends everything that goes over it. */
  close(): void {
    this.#client.end();
    this.#tunnel.destroy();
    this.#closed(undefined);
  }

  #closed(failure: Error | undefined): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#didClose.fire(failure);
    }
  }

  async #paced(
    question: (done: Answer<ClientChannel>) => void,
    signal?: AbortSignal,
  ): Promise<ClientChannel> {
    const opening = this.#openPaced(question);
    try {
      return await abortable(opening, signal);
    } catch (error) {
      opening.then(
        (late) => late.close(),
        () => undefined,
      );
      throw error;
    }
  }

  async #openPaced(question: (done: Answer<ClientChannel>) => void): Promise<ClientChannel> {
    await this.#calm();
    const opened = await this.#ask<ClientChannel>((done) =>
      question((error, channel) => {
        if (!error) {
          this.#pace.add(channel); // before its first bytes
        }
        done(error, channel);
      }),
    );
    const closed = closeOf(opened);
    const close = opened.close.bind(opened);
    opened.close = (): void => {
      this.#closes(closed);
      close();
    };
    return opened;
  }

  /**
   * Waits for channels that are being closed: the sshd of real containers refuses, at times, one that is opened meanwhile
   * (`real-servers.md`).
   */
  async #calm(): Promise<void> {
    await Promise.all(this.#closing);
  }

  #closes(closed: Promise<void>): void {
    // Each for a while only: ssh2 never tells of the close of a channel whose last bytes nobody reads.
    const known = within(closed, closingMs, "total", "closing").catch(() => undefined);
    this.#closing.add(known);
    void known.then(() => this.#closing.delete(known));
  }

  /** ssh2 calls back with an error, or throws when the connection is gone; it does not call back at all when it breaks. */
  async #ask<T>(question: (done: Answer<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const lost = (error?: Error): void =>
        reject(
          new NetworkError(`ssh: ${error?.message ?? l10n.t("the connection was lost")}`, undefined, {
            cause: error,
          }),
        );
      if (!this.#isOpen) {
        lost();
        return;
      }
      const hook = this.onDidClose(lost);
      try {
        question((error, answer) => {
          hook.dispose();
          if (error) {
            lost(error);
          } else {
            resolve(answer);
          }
        });
      } catch (error) {
        hook.dispose();
        lost(error instanceof Error ? error : undefined);
      }
    });
  }
}

function closeOf(channel: { once(event: "close", listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    channel.once("close", resolve);
  });
}

async function loggedIn(client: Client, tunnel: TunnelDuplex, login: SshLogin): Promise<void> {
  const { key, checkHostKey, signal } = login;
  let refused: Error | undefined;
  let onAbort: (() => void) | undefined;
  let limit: NodeJS.Timeout | undefined;
  const config: ConnectConfig = {
    sock: tunnel,
    username: user,
    privateKey: key,
    authHandler: ["publickey"],
    readyTimeout: 0, // ours below says what was waited for
    hostVerifier: (hostKey: Buffer) => {
      try {
        checkHostKey(hostKey);
        return true;
      } catch (error) {
        refused = asError(error);
        return false;
      }
    },
  };
  try {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      limit = setTimeout(
        () => reject(new TimeoutError("handshake", loginMs, l10n.t("Logging in by ssh"))),
        loginMs,
      );
      onAbort = () => {
        if (signal) {
          reject(reasonOf(signal));
        }
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      client.once("ready", resolve);
      client.once("error", (error: Error & { level?: string }) => reject(refused ?? loginError(error)));
      client.once("close", () => reject(refused ?? new SilentAppError(undefined)));
      tunnel.once("error", reject);
      try {
        client.connect(config);
      } catch (error) {
        reject(new SshUnavailableError(l10n.t("The session's ssh key could not be read."), { cause: error }));
      }
    });
  } catch (error) {
    throw error instanceof SilentAppError
      ? new SshUnavailableError(l10n.t("No sshd answers in the session: its image may have none."), {
          cause: error,
        })
      : error;
  } finally {
    clearTimeout(limit);
    if (onAbort) {
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

/** ssh2 tells by `level` what went wrong; its errors have no other distinction. */
function loginError(error: Error & { level?: string }): Error {
  switch (error.level) {
    case "client-authentication":
      return new SshUnavailableError(l10n.t("The session's sshd refused the session's own key."), {
        cause: error,
      });
    case "protocol":
    case "handshake":
      return new SshUnavailableError(l10n.t("The session's sshd can't be talked to: {0}.", error.message), {
        cause: error,
      });
    default:
      return error instanceof BackendAIError || error instanceof HostKeyChangedError
        ? error
        : new NetworkError(`ssh: ${error.message}`, undefined, { cause: error });
  }
}
