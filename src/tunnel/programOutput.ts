import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { abortable, anySignal, deadline } from "../base/abort.js";
import { NetworkError } from "../base/errors.js";
import { endOf } from "./programEnd.js";
import type { SessionSsh, SshLease } from "./sessionSsh.js";

/** Error output that is kept, in bytes: enough for the words of a program that fails. */
const errorLimitBytes = 8 * 1024;

/** How a program is run for its output. */
export interface ProgramOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of output that are kept; the rest is read and left out. */
  readonly limitBytes: number;
  /** From the command to the end, in milliseconds. */
  readonly timeoutMs: number;
  /** What it gets on its input. */
  readonly input?: string;
}

/** What a program left. */
export interface ProgramOutput {
  readonly text: string;
  /** The beginning of its error output. */
  readonly errorText: string;
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
}

/**
 * Runs a program in a session and collects what it prints.
 * @throws {NetworkError} when the connection is lost before its end.
 * @throws {TimeoutError} (`run`)
 * @throws {SshUnavailableError} and others of `SessionSsh.acquire`.
 */
export async function programOutput(
  ssh: SessionSsh,
  command: string,
  options: ProgramOptions,
): Promise<ProgramOutput> {
  const limit = deadline(options.timeoutMs, "run", l10n.t("A program in the session"));
  const signal = anySignal(limit.signal, options.signal);
  let lease: SshLease | undefined;
  try {
    lease = await ssh.acquire(signal);
    const channel = await lease.connection.exec(command, signal);
    try {
      return await abortable(collect(channel, options), signal);
    } finally {
      channel.close();
    }
  } finally {
    limit.clear();
    lease?.dispose();
  }
}

async function collect(
  channel: ClientChannel,
  { limitBytes, input = "" }: ProgramOptions,
): Promise<ProgramOutput> {
  const ended = endOf(channel);
  channel.on("error", () => undefined); // its end tells
  channel.end(input);
  const output = keep(channel, limitBytes);
  const errors = keep(channel.stderr, errorLimitBytes);
  const { exitCode, signal } = await ended;
  if (exitCode === undefined && signal === undefined) {
    throw new NetworkError(l10n.t("ssh: the connection was lost."), undefined);
  }
  return { text: output(), errorText: errors(), exitCode };
}

/** Reads a stream to its end and keeps its first `limitBytes`. */
function keep(stream: NodeJS.ReadableStream, limitBytes: number): () => string {
  const pieces: Buffer[] = [];
  let size = 0;
  stream.on("data", (piece: Buffer) => {
    if (size < limitBytes) {
      pieces.push(piece.subarray(0, limitBytes - size));
      size += piece.length;
    }
  });
  return () => Buffer.concat(pieces).toString("utf8");
}
