import type { Stats } from "ssh2";
import { codeOf, isGivenUp, refusal, type SftpRequests } from "./sftpRequests.js";

/** What every server takes in one request, in bytes. */
const pieceBytes = 32 * 1024;

/** How a file is written. */
interface WriteOptions {
  readonly atOnce: number;
  readonly signal: AbortSignal;
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

  async makeFolder(path: string): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.mkdir(path, done));
  }

  /** @param flags `wx`: a file that must be new; `w`: one that is emptied. */
  async open(path: string, flags: "w" | "wx"): Promise<Buffer> {
    return this.#requests.ask<Buffer>((sftp, done) => sftp.open(path, flags, done));
  }

  /** Writes an open file from its beginning, with up to `atOnce` requests on their way; no more go after an abort. */
  async write(handle: Buffer, bytes: Uint8Array, { atOnce, signal }: WriteOptions): Promise<void> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < buffer.length) {
        signal.throwIfAborted();
        const start = next;
        const length = Math.min(pieceBytes, buffer.length - start);
        next += length;
        await this.#requests.ask((sftp, done) => sftp.write(handle, buffer, start, length, start, done));
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, lane));
    } finally {
      next = buffer.length; // where one piece is refused, no more are sent
    }
  }

  async sizeOf(handle: Buffer): Promise<number> {
    return (await this.#requests.ask<Stats>((sftp, done) => sftp.fstat(handle, done))).size;
  }

  async setMode(handle: Buffer, mode: number): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.fchmod(handle, mode, done));
  }

  async close(handle: Buffer): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.close(handle, done));
  }

  /** Gives a file another's name: in one step where the server can, else there is none of that name for a moment. */
  async replace(from: string, to: string): Promise<void> {
    try {
      await this.#requests.ask((sftp, done) => sftp.ext_openssh_rename(from, to, done));
    } catch (error) {
      if (isGivenUp(error)) {
        throw error;
      }
      await this.remove(to).catch(() => undefined); // whether that was enough the next one tells
      await this.#requests.ask((sftp, done) => sftp.rename(from, to, done));
    }
  }

  async remove(path: string): Promise<void> {
    await this.#requests.ask((sftp, done) => sftp.unlink(path, done));
  }
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
