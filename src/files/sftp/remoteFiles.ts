import type { SFTPWrapper, Stats } from "ssh2";
import { gathered, inOrder } from "./pieces.js";
import { codeOf, isGivenUp, refusal, type SftpRequests } from "./sftpRequests.js";

/** What every server takes in one request, in bytes. */
const pieceBytes = 32 * 1024;

/** What is read in one request at most, in bytes: each has a price of its own at both ends. */
const largePieceBytes = 128 * 1024;

/** An entry of a folder, the link itself where it is one. */
export interface RemoteEntry {
  readonly filename: string;
  readonly attrs: Stats;
}

/** How a file is written. */
export interface RemoteWriteOptions {
  /** Where its first byte goes. */
  readonly start: number;
  /** Most requests on their way, each of 32 KiB. */
  readonly atOnce: number;
  /** No more requests go after its abort. */
  readonly signal: AbortSignal;
  /** Told of the byte up to which everything is there. */
  readonly onWritten?: ((end: number) => void) | undefined;
}

/** Which bytes of a file are read. */
export interface RemoteReadOptions {
  readonly start: number;
  readonly end: number;
  /** Most that is on its way, in pieces of 32 KiB; at least one request is. */
  readonly atOnce: number;
}

/** What is done with the files of a session, one step at a time. All methods throw as {@link SftpRequests.ask} does. */
export class RemoteFiles {
  readonly #requests: SftpRequests;

  constructor(requests: SftpRequests) {
    this.#requests = requests;
  }

  /** What is at a path, a link itself and not where it leads; `undefined` when there is nothing. */
  async look(path: string): Promise<Stats | undefined> {
    return unlessMissing(this.#requests.ask<Stats>((sftp, done) => sftp.lstat(path, done)));
  }

  /** What a path leads to. */
  async follow(path: string): Promise<Stats | undefined> {
    return unlessMissing(this.#requests.ask<Stats>((sftp, done) => sftp.stat(path, done)));
  }

  /** Where a link leads, as it is written in it. */
  async linkTarget(path: string): Promise<string> {
    return this.#requests.ask<string>((sftp, done) => sftp.readlink(path, done));
  }

  async makeLink(target: string, path: string): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.symlink(target, path, done));
  }

  /** The entries of a folder, without `.` and `..`. */
  async list(path: string): Promise<RemoteEntry[]> {
    const entries = await this.#requests.ask<RemoteEntry[]>((sftp, done) => sftp.readdir(path, done));
    return entries.filter(({ filename }) => filename !== "." && filename !== "..");
  }

  async makeFolder(path: string): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.mkdir(path, done));
  }

  /** Removes an empty folder. */
  async removeFolder(path: string): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.rmdir(path, done));
  }

  /** @param flags `r`: to read; `wx`: a file that must be new; `r+`: one that is there and stays as it is. */
  async open(path: string, flags: "r" | "r+" | "wx"): Promise<Buffer> {
    return this.#requests.ask<Buffer>((sftp, done) => sftp.open(path, flags, done));
  }

  /** The bytes of an open file in order, up to `end` or to where it ends. */
  async *read(handle: Buffer, { start, end, atOnce }: RemoteReadOptions): AsyncGenerator<Buffer> {
    let next = start;
    const limit = Math.min(largePieceBytes, this.#requests.readLimitBytes);
    const size = Math.max(pieceBytes, limit - (limit % pieceBytes));
    const ask = (): Promise<Buffer[]> | undefined => {
      if (next >= end) {
        return undefined;
      }
      const from = next;
      next = Math.min(end, from + size);
      return this.#piece(handle, from, next);
    };
    for await (const parts of inOrder(Math.max(1, Math.floor((atOnce * pieceBytes) / size)), ask)) {
      if (parts.length === 0) {
        return; // its end was reached
      }
      yield* parts;
    }
  }

  /** Writes into an open file; whole pieces go with up to `atOnce` requests on their way. */
  async write(
    handle: Buffer,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    { start, atOnce, signal, onWritten }: RemoteWriteOptions,
  ): Promise<void> {
    let next = start;
    let written = start;
    const waiting: Promise<number>[] = [];
    const settle = async (): Promise<void> => {
      written += (await waiting.shift()) ?? 0;
      onWritten?.(written);
    };
    try {
      for await (const piece of gathered(pieces, pieceBytes)) {
        signal.throwIfAborted();
        if (waiting.length >= atOnce) {
          await settle();
        }
        const at = next;
        next += piece.length;
        const request = this.#requests
          .ask((sftp, done) => sftp.write(handle, piece, 0, piece.length, at, done))
          .then(() => piece.length);
        request.catch(() => undefined); // it is awaited in its turn
        waiting.push(request);
      }
      while (waiting.length > 0) {
        await settle();
      }
    } finally {
      await Promise.allSettled(waiting);
    }
  }

  async statOf(handle: Buffer): Promise<Stats> {
    return this.#requests.ask<Stats>((sftp, done) => sftp.fstat(handle, done));
  }

  async setMode(handle: Buffer, mode: number): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.fchmod(handle, mode, done));
  }

  /** Cuts an open file, or fills it up with zeros. */
  async setSize(handle: Buffer, size: number): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.fsetstat(handle, { size }, done));
  }

  async close(handle: Buffer): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.close(handle, done));
  }

  /** Gives a file another's name: in one step where the server can, else there is none of that name for a moment. */
  async replace(from: string, to: string): Promise<void> {
    try {
      await this.#requests.ask((sftp, done) => sftp.ext_openssh_rename(from, to, done));
    } catch (error) {
      if (!isUnsupported(error)) {
        throw error;
      }
      await this.remove(to).catch(() => undefined); // whether that was enough the next one tells
      await this.rename(from, to);
    }
  }

  /** Gives something a name that is free; where it is taken, servers refuse. */
  async rename(from: string, to: string): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.rename(from, to, done));
  }

  async remove(path: string): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.unlink(path, done));
  }

  /** The bytes from `start` to `end`, in parts where the server answers less than was asked for; fewer at the file's end. */
  async #piece(handle: Buffer, start: number, end: number): Promise<Buffer[]> {
    const parts: Buffer[] = [];
    for (let at = start; at < end;) {
      const part = await this.#part(handle, at, end - at);
      if (part.length === 0) {
        break;
      }
      parts.push(part);
      at += part.length;
    }
    return parts;
  }

  async #part(handle: Buffer, start: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    try {
      const read = (sftp: SFTPWrapper, done: (error?: Error | null, count?: number) => void): void =>
        sftp.read(handle, buffer, 0, length, start, (error, count) => done(error, count));
      return buffer.subarray(0, await this.#requests.ask<number>(read));
    } catch (error) {
      if (codeOf(error) === refusal.endOfFile) {
        return buffer.subarray(0, 0);
      }
      throw error;
    }
  }
}

/** ssh2 throws an error without a code where a server has not offered an extension. */
function isUnsupported(error: unknown): boolean {
  return codeOf(error) === refusal.unsupported || (!isGivenUp(error) && codeOf(error) === undefined);
}

async function unlessMissing(stats: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await stats;
  } catch (error) {
    if (codeOf(error) === refusal.noSuchFile) {
      return undefined;
    }
    throw error;
  }
}
