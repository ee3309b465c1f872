import * as l10n from "@vscode/l10n";
import { type ReadEntry, Parser } from "tar";
import { abortable, anySignal, deadline } from "../../../base/abort.js";
import { NetworkError, ProtocolError } from "../../../base/errors.js";
import { isGzip, plainOnly } from "../../../api/files/tarReader.js";
import { endOf } from "../../../tunnel/programEnd.js";
import type { SessionSsh } from "../../../tunnel/sessionSsh.js";
import { type ManyOptions, type SmallFile, smallBytes } from "../transferEnd.js";
import { packCommand } from "./tarScripts.js";

/** A file may have grown since it was listed; what is larger than this is left to come by itself. */
const entryBytes = 4 * smallBytes;

/** What an archive has beside the contents of its files, in bytes, for each and at all: heads, long names, files that have grown a lot. */
const headBytes = 8 * 1024;
const slackBytes = 64 * 1024 * 1024;

/** Entries that are being written while the archive goes on: as many times {@link entryBytes} are in memory. */
const writesAtOnce = 8;

/** How long nothing may come, in milliseconds. */
const idleMs = 60_000;

/**
 * Fetches files as one archive that a program of the session packs. Of the archive, only plain files that were asked for are taken, each
 * once, and none that is too large: it may not be what it should be. However it ends, nothing is being taken any more then.
 * @throws {NetworkError} when the connection is lost.
 * @throws {ProtocolError} when the archive is damaged, or full of what was not asked for.
 */
export async function fetchArchive(
  ssh: SessionSsh,
  folder: string,
  files: readonly SmallFile[],
  take: (file: SmallFile, bytes: Uint8Array) => Promise<void>,
  { signal, onBytes }: ManyOptions,
): Promise<void> {
  const lease = await ssh.acquire(signal);
  try {
    const channel = await lease.connection.exec(packCommand(folder), signal);
    const ended = endOf(channel);
    channel.on("error", () => undefined); // its end tells
    channel.stderr.resume();
    const receiver = new ArchiveReceiver(files, take, onBytes);
    try {
      channel.end(files.map(({ name }) => `./${name}\0`).join(""));
      const pieces = channel[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      for (let next = await within(pieces.next(), signal); next.done !== true;) {
        await receiver.add(next.value);
        next = await within(pieces.next(), signal);
      }
      const { exitCode, signal: killedBy } = await within(ended, signal);
      if (exitCode === undefined && killedBy === undefined) {
        throw new NetworkError(l10n.t("ssh: the connection was lost."), undefined);
      }
      await receiver.end();
    } finally {
      channel.close();
      await receiver.close();
    }
  } finally {
    lease.dispose();
  }
}

/** Takes an archive apart while it comes. */
export class ArchiveReceiver {
  readonly #expected: Map<string, SmallFile>;
  readonly #take: (file: SmallFile, bytes: Uint8Array) => Promise<void>;
  readonly #onBytes: (bytes: number) => void;
  readonly #parser: Parser;
  readonly #writing = new Set<Promise<void>>();
  /** Of those that are being written: what has come as a whole. The rest of an archive that broke off never comes. */
  readonly #taking = new Set<Promise<void>>();
  #entriesLeft: number;
  #bytesLeft: number;
  #beginning = Buffer.alloc(0);
  #failure: unknown;
  #isEmpty = true;
  #isClosed = false;

  constructor(
    files: readonly SmallFile[],
    take: (file: SmallFile, bytes: Uint8Array) => Promise<void>,
    onBytes: (bytes: number) => void,
  ) {
    this.#expected = new Map(files.map((file) => [file.name, file]));
    this.#entriesLeft = files.length;
    this.#bytesLeft = files.length * (entryBytes + headBytes) + slackBytes;
    this.#take = take;
    this.#onBytes = onBytes;
    this.#parser = new Parser({ ...plainOnly, onReadEntry: (entry) => this.#entry(entry) });
    this.#parser.on("error", (error) => {
      this.#failure ??= error;
    });
  }

  /**
   * Resolves when more may come.
   * @throws {ProtocolError}
   */
  async add(bytes: Buffer): Promise<void> {
    this.#isEmpty = false;
    this.#beginning = Buffer.concat([this.#beginning, bytes.subarray(0, 2)]).subarray(0, 2);
    this.#bytesLeft -= bytes.length;
    if (isGzip(this.#beginning)) {
      this.#failure ??= new Error(l10n.t("it is compressed"));
    } else if (this.#bytesLeft < 0) {
      this.#failure ??= new Error(l10n.t("it is larger than all that was asked for"));
    } else {
      this.#parser.write(bytes);
    }
    while (this.#writing.size >= writesAtOnce) {
      await Promise.race(this.#writing);
    }
    this.#check();
  }

  /**
   * Resolves when all that came is written.
   * @throws {ProtocolError}
   */
  async end(): Promise<void> {
    if (!this.#isEmpty) {
      const over = new Promise<void>((resolve) => {
        this.#parser.on("end", () => resolve());
        this.#parser.on("error", () => resolve());
      });
      this.#parser.end();
      await over;
    }
    await Promise.all(this.#writing);
    this.#check();
  }

  /** Takes nothing more. Resolves when nothing is being taken: who goes on with the same files would meet it. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#taking);
  }

  #check(): void {
    if (this.#failure !== undefined) {
      throw new ProtocolError(l10n.t("an archive of the session"), "", l10n.t("it is damaged"), {
        cause: this.#failure,
      });
    }
  }

  #entry(entry: ReadEntry): void {
    const name = entry.path.replace(/^\.\//, "");
    const file = this.#expected.get(name);
    this.#entriesLeft -= 1;
    if (this.#entriesLeft < 0) {
      this.#failure ??= new Error("it has more entries than were asked for"); // for programs
    }
    // for programs
    const isFile = entry.type === "File" || entry.type === "OldFile" || entry.type === "ContiguousFile";
    if (this.#failure !== undefined || file === undefined || !isFile || entry.size > entryBytes) {
      entry.resume();
      return;
    }
    this.#expected.delete(name);
    const writing = this.#receive(file, entry).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #receive(file: SmallFile, entry: ReadEntry): Promise<void> {
    try {
      const bytes = Buffer.from(await entry.concat());
      if (bytes.byteLength === entry.size && !this.#isClosed) {
        this.#onBytes(bytes.byteLength);
        const taking = this.#take(file, bytes).finally(() => this.#taking.delete(taking));
        this.#taking.add(taking);
        await taking;
      }
    } catch (error) {
      this.#failure ??= error;
    }
  }
}

async function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = deadline(idleMs, "idle", l10n.t("Files of the session"));
  try {
    return await abortable(promise, anySignal(signal, limit.signal));
  } finally {
    limit.clear();
  }
}
