import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import type { ClientChannel } from "ssh2";
import { abortable, anySignal, deadline } from "../../../base/abort.js";
import { NetworkError } from "../../../base/errors.js";
import type { SessionSsh } from "../../../tunnel/sessionSsh.js";
import { endOf, type ProgramEnd } from "../../../tunnel/programEnd.js";
import type { ManyOptions, SmallFile } from "../transferEnd.js";
import { gathered, inOrder } from "../../sftp/pieces.js";
import { archiveEnd, tarEntry } from "./tarEntry.js";
import { completeMark, unpackCommand } from "./tarScripts.js";

/** How long nothing may be taken, and how long the session may need for the rest, in milliseconds. */
const idleMs = 60_000;

/** Files that are read ahead; each is small. */
const readsAtOnce = 16;

/** What is written at a time, in bytes: many small files go in one piece. */
const pieceBytes = 64 * 1024;

/**
 * Sends files as one archive, which a program of the session unpacks. Files that can't be opened are left out.
 * @returns Those that are there now; none where the session could not take them, or has no such programs.
 * @throws {NetworkError} when the connection is lost; each of the files is as it was, or replaced whole.
 */
export async function sendArchive(
  ssh: SessionSsh,
  folder: string,
  content: ArchiveContent,
  { signal, onBytes }: ManyOptions,
): Promise<ReadonlySet<SmallFile>> {
  const lease = await ssh.acquire(signal);
  try {
    const stage = `.backendai-${randomBytes(6).toString("hex")}.part`;
    const channel = await lease.connection.exec(unpackCommand(folder, stage), signal);
    const ended = endOf(channel);
    channel.on("error", () => undefined); // its end tells
    channel.stderr.resume();
    const left = keepText(channel);
    const sent = new Map<string, SmallFile>();
    const onEntry = (file: SmallFile, bytes: number): void => {
      sent.set(`./${file.name}`, file);
      onBytes(bytes);
    };
    try {
      for await (const piece of gathered(archiveOf(content, onEntry), pieceBytes)) {
        signal.throwIfAborted();
        if (!channel.writable) {
          break;
        }
        await taken(channel, piece, { ended, signal });
      }
      channel.end();
      if (!isDone(await within(ended, signal))) {
        return new Set();
      }
      for (const name of left().split("\0")) {
        sent.delete(name);
      }
      return new Set(sent.values());
    } finally {
      channel.close();
    }
  } finally {
    lease.dispose();
  }
}

/** Files of an archive, and how to get their bytes. */
export interface ArchiveContent {
  readonly files: readonly SmallFile[];
  readonly open: (file: SmallFile) => Promise<Uint8Array>;
}

/** The bytes of an archive; files are read ahead, as opening one takes longer than reading it. Those that can't be read are left out. */
async function* archiveOf(
  { files, open }: ArchiveContent,
  onEntry: (file: SmallFile, bytes: number) => void,
): AsyncGenerator<Buffer> {
  const queue = files.values();
  const ask = (): Promise<readonly [SmallFile, Uint8Array | undefined]> | undefined => {
    const { value: file, done } = queue.next();
    return done === true
      ? undefined
      : open(file).then(
          (bytes) => [file, bytes],
          () => [file, undefined], // it is tried by itself, which tells why
        );
  };
  for await (const [file, bytes] of inOrder(readsAtOnce, ask)) {
    if (bytes !== undefined) {
      yield tarEntry(file.name, bytes, file.isExecutable);
      onEntry(file, bytes.byteLength);
    }
  }
  yield tarEntry(completeMark, new Uint8Array(), false);
  yield archiveEnd;
}

function isDone({ exitCode, signal }: ProgramEnd): boolean {
  if (exitCode === undefined && signal === undefined) {
    throw new NetworkError(l10n.t("ssh: the connection was lost."), undefined);
  }
  return exitCode === 0;
}

/** Reads a stream to its end; its text is bounded by the names that were sent. */
function keepText(stream: NodeJS.ReadableStream): () => string {
  const pieces: Buffer[] = [];
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString("utf8");
}

/** Writes, and waits until more can be taken; a program that has ended takes nothing, and that is no error here. */
async function taken(
  channel: ClientChannel,
  bytes: Uint8Array,
  { ended, signal }: { readonly ended: Promise<unknown>; readonly signal: AbortSignal },
): Promise<void> {
  if (channel.writable && !channel.write(bytes)) {
    let onDrain = (): void => undefined;
    const drained = new Promise<void>((resolve) => {
      onDrain = resolve;
      channel.once("drain", onDrain);
    });
    try {
      await within(Promise.race([drained, ended]), signal);
    } finally {
      channel.off("drain", onDrain);
    }
  }
}

async function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = deadline(idleMs, "idle", l10n.t("Sending files to the session"));
  try {
    return await abortable(promise, anySignal(signal, limit.signal));
  } finally {
    limit.clear();
  }
}
