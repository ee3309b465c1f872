import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { deadline } from "../../base/abort.js";
import { NetworkError } from "../../base/errors.js";
import type { SessionSsh, SshLease } from "../../tunnel/sessionSsh.js";
import { endOf, type ProgramEnd } from "../../tunnel/programEnd.js";
import { announcement, detachedCode, heard, openShellCommand, type ShellOptions } from "./shellScript.js";
import type { ShellEnd, TerminalLink, TerminalSize } from "./terminalLink.js";

/** How long a container may take to start a shell, in milliseconds. */
const startMs = 10_000;

/** Output before the announcement: what profiles of the login shell say. */
const preambleLimitBytes = 64 * 1024;

/** A shell over ssh, in a tmux session of its own where the container has tmux. */
export class SshLink implements TerminalLink {
  readonly rung = "ssh";
  readonly keepsScreen: boolean;
  readonly isFresh: boolean;
  readonly isElsewhere: boolean;
  readonly #lease: SshLease;
  readonly #channel: ClientChannel;
  readonly #reader: AsyncIterator<Buffer, undefined>;
  readonly #end: Promise<ProgramEnd>;
  readonly #preamble: Buffer;

  private constructor(parts: {
    readonly lease: SshLease;
    readonly channel: ClientChannel;
    readonly reader: AsyncIterator<Buffer, undefined>;
    readonly end: Promise<ProgramEnd>;
    readonly started: Started;
  }) {
    this.#lease = parts.lease;
    this.#channel = parts.channel;
    this.#reader = parts.reader;
    this.#end = parts.end;
    this.keepsScreen = parts.started.isTmux;
    this.isFresh = parts.started.isFresh;
    this.isElsewhere = parts.started.isElsewhere;
    this.#preamble = parts.started.preamble;
  }

  /**
   * @throws {SshUnavailableError}
   * @throws {NoSessionKeyError}
   * @throws {HostKeyChangedError}
   * @throws {NetworkError}
   * @throws {TimeoutError}
   */
  static async open(
    ssh: SessionSsh,
    shell: ShellOptions,
    { size, signal }: { readonly size: TerminalSize; readonly signal: AbortSignal },
  ): Promise<SshLink> {
    const lease = await ssh.acquire(signal);
    const limit = deadline(startMs, "start", l10n.t("Starting a shell in the session"));
    let channel: ClientChannel | undefined;
    const giveUp = (): void => {
      channel?.close();
    };
    const either = AbortSignal.any([signal, limit.signal]);
    try {
      channel = await lease.connection.execOnTerminal(openShellCommand(shell), size, either);
      const end = endOf(channel);
      channel.on("error", () => undefined); // its end tells
      either.addEventListener("abort", giveUp, { once: true });
      const reader: AsyncIterator<Buffer, undefined> = channel[Symbol.asyncIterator]();
      const started = await readAnnouncement(reader, channel);
      either.throwIfAborted();
      return new SshLink({ lease, channel, reader, end, started });
    } catch (error) {
      channel?.close();
      lease.dispose();
      either.throwIfAborted();
      throw error;
    } finally {
      either.removeEventListener("abort", giveUp);
      limit.clear();
    }
  }

  async *read(): AsyncGenerator<Uint8Array, ShellEnd, undefined> {
    if (this.#preamble.length > 0) {
      yield this.#preamble;
    }
    for (;;) {
      const { done, value } = await this.#reader.next();
      if (done === true) {
        break;
      }
      yield value;
    }
    const { exitCode, signal } = await this.#end;
    if (exitCode === undefined && signal === undefined) {
      throw new NetworkError(l10n.t("The ssh connection was lost."), undefined);
    }
    return exitCode === detachedCode ? { exitCode: 0, isDetached: true } : { exitCode };
  }

  async write(data: Uint8Array): Promise<void> {
    if (!this.#channel.write(data)) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#channel.off("drain", done).off("close", done);
          resolve();
        };
        this.#channel.on("drain", done).on("close", done);
      });
    }
  }

  async delivered(ms: number): Promise<void> {
    await this.#lease.connection.delivered(ms);
  }

  async taken(ms: number): Promise<void> {
    await this.#lease.connection.taken(ms);
  }

  resize({ rows, cols }: TerminalSize): Promise<void> {
    this.#channel.setWindow(rows, cols, 0, 0);
    return Promise.resolve();
  }

  /** The websocket under it pings by itself. */
  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#channel.close();
    this.#lease.dispose();
    return Promise.resolve();
  }
}

interface Started {
  readonly isTmux: boolean;
  /** Whether the shell was not there before. */
  readonly isFresh: boolean;
  readonly isElsewhere: boolean;
  /** What came around the announcement. */
  readonly preamble: Buffer;
}

/** Reads up to the announcement of the script, which every shell start begins with, and tells the script that it was heard. */
async function readAnnouncement(
  reader: AsyncIterator<Buffer, undefined>,
  channel: ClientChannel,
): Promise<Started> {
  let seen = Buffer.alloc(0);
  while (seen.length < preambleLimitBytes) {
    const { done, value } = await reader.next();
    if (done === true) {
      throw new NetworkError(l10n.t("The shell ended before it had started."), undefined);
    }
    seen = Buffer.concat([seen, value]);
    const start = seen.indexOf(announcement.start);
    const end = start < 0 ? -1 : seen.indexOf(announcement.end, start);
    if (end >= 0) {
      const word = seen.toString("latin1", start + announcement.start.length, end);
      const rest = seen.subarray(end + 1);
      const [kind, where] = word.split(" ");
      const isTmux = kind !== "shell";
      let first: Buffer | undefined;
      if (isTmux) {
        channel.write(heard);
        // tmux takes keys from its first output on. Those typed before are lost if the connection is.
        first = (await reader.next()).value;
      }
      return {
        isTmux,
        isFresh: kind !== "tmux",
        isElsewhere: where === "elsewhere",
        preamble: Buffer.concat([seen.subarray(0, start), rest, first ?? Buffer.alloc(0)]),
      };
    }
  }
  return { isTmux: false, isFresh: true, isElsewhere: false, preamble: seen };
}
