import type { TerminalSize } from "../../tunnel/sshConnection.js";

export type { TerminalSize };

/** A way into a session's terminal: the server's own (`StreamPty`), a shell over ssh, or the app ttyd. */
export type Rung = "pty" | "ssh" | "ttyd";

/** How a terminal's shell ended. */
export interface ShellEnd {
  /** `undefined` where the way in does not tell. */
  readonly exitCode: number | undefined;
  /** Whether only we have left: what runs in it goes on. */
  readonly isDetached?: boolean | undefined;
}

/**
 * One connection to a terminal. Iterate it once for what it shows: bytes, which may split characters. Iteration returns how
 * the shell ended, and throws when the connection was lost. Who opens it, closes it.
 */
export interface TerminalLink {
  readonly rung: Rung;
  /** Whether its screen and programs outlive the connection, so that the next one finds them as they were. */
  readonly keepsScreen: boolean;
  /** Whether its shell was started for this connection; `undefined` where that is not known. */
  readonly isFresh?: boolean;
  /** Whether the folder asked for is not there, so that the shell started at home. */
  readonly isElsewhere?: boolean;
  read(): AsyncGenerator<Uint8Array, ShellEnd, undefined>;
  /** Types; resolves when more may be typed. */
  write(data: Uint8Array): Promise<void>;
  /**
   * Resolves when the server has everything typed so far.
   * @throws {TimeoutError} after `ms` milliseconds; the link is dead then.
   * @throws {StreamClosedError}
   */
  delivered(ms: number): Promise<void>;
  /**
   * Resolves when what serves the terminal inside the session has everything typed so far; absent where that is the server.
   * @throws {TimeoutError} after `ms` milliseconds.
   * @throws {NetworkError}
   * @throws {StreamClosedError}
   */
  taken?(ms: number): Promise<void>;
  resize(size: TerminalSize): Promise<void>;
  /** Starts the session's processes anew; only the server's own terminal can. */
  restart?(): Promise<void>;
  /** Keeps an idle session from being taken for unused. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
