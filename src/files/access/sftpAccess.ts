import { posix } from "node:path";
import type { Stats } from "ssh2";
import type { RemoteFiles } from "../sftp/remoteFiles.js";
import type { SessionPlace, SessionSftp } from "../sftp/sessionSftp.js";
import { codeOf, refusal, type SftpRequests } from "../sftp/sftpRequests.js";
import type {
  FileAccess,
  FileContent,
  FileInfo,
  MoveOptions,
  NamedFile,
  OperationOptions,
  ReadOptions,
  WriteOptions,
} from "./fileAccess.js";
import { FileAccessError } from "./fileAccessError.js";

/** Bytes of one request; every server takes them. */
const pieceBytes = 32 * 1024;

/** Requests for a file on their way at a time: at most 2 MiB of it are in memory. */
const requestsAtOnce = 64;

/** Links of a folder whose ends are looked up at a time. */
const linksAtOnce = 32;

/** File types in a mode. */
const kinds: Readonly<Record<number, FileInfo["type"]>> = { 0o100000: "file", 0o040000: "directory" };
const kindMask = 0o170000;
const linkKind = 0o120000;

/** The files of a session by SFTP, over the ssh connection that others use as well. */
export class SftpAccess implements FileAccess {
  readonly #place: SessionPlace;
  readonly #sftp: SessionSftp;

  constructor(place: SessionPlace, sftp: SessionSftp) {
    this.#place = place;
    this.#sftp = sftp;
  }

  can(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async stat(path: string, options: OperationOptions): Promise<FileInfo> {
    return this.#use(path, options, async (files) => {
      const own = await files.look(path);
      if (own === undefined) {
        throw missing(path);
      }
      const isLink = (own.mode & kindMask) === linkKind;
      return infoOf(isLink ? await files.follow(path).catch(() => undefined) : own, isLink, own);
    });
  }

  async list(path: string, options: OperationOptions): Promise<readonly NamedFile[]> {
    return this.#use(path, options, async (files, requests) => {
      const entries = await requests.ask<readonly { readonly filename: string; readonly attrs: Stats }[]>(
        (sftp, done) => sftp.readdir(path, done),
      );
      const named = entries.filter(({ filename }) => filename !== "." && filename !== "..");
      const list: NamedFile[] = [];
      for (let start = 0; start < named.length; start += linksAtOnce) {
        const part = named.slice(start, start + linksAtOnce).map(async ({ filename, attrs }) => {
          const isLink = (attrs.mode & kindMask) === linkKind;
          const end = isLink ? await files.follow(posix.join(path, filename)).catch(() => undefined) : attrs;
          return { name: filename, ...infoOf(end, isLink, attrs) };
        });
        list.push(...(await Promise.all(part)));
      }
      return list;
    });
  }

  async *read(path: string, { range, signal }: ReadOptions): AsyncGenerator<Uint8Array> {
    const handle = await this.#use(path, { signal }, (_, requests) =>
      requests.ask<Buffer>((sftp, done) => sftp.open(path, "r", done)),
    );
    try {
      const waiting: Promise<Buffer>[] = [];
      let next = range?.start ?? 0;
      const end = range?.end ?? Number.MAX_SAFE_INTEGER;
      const ask = (): void => {
        const start = next;
        const length = Math.min(pieceBytes, end - start);
        next += length;
        const piece = this.#use(path, { signal }, (_, requests) =>
          readPiece(requests, handle, start, length),
        );
        piece.catch(() => undefined); // it is awaited in its turn
        waiting.push(piece);
      };
      for (;;) {
        while (waiting.length < requestsAtOnce && next < end) {
          ask();
        }
        const piece = await waiting.shift();
        if (piece === undefined || piece.length === 0) {
          return;
        }
        yield piece;
        if (piece.length < pieceBytes && next < end) {
          return; // its end was reached
        }
      }
    } finally {
      await this.#use(path, { signal: new AbortController().signal }, (files) => files.close(handle)).catch(
        () => undefined,
      );
    }
  }

  async write(path: string, content: FileContent, options: WriteOptions): Promise<FileInfo> {
    const { create = true, overwrite = true, expected, signal } = options;
    const old = await this.stat(path, { signal }).catch((error: unknown) => {
      if (error instanceof FileAccessError && error.failure === "notFound") {
        return undefined;
      }
      throw error;
    });
    if (old === undefined && !create) {
      throw missing(path);
    }
    if (old?.type === "directory") {
      throw new FileAccessError("isADirectory", path, `${path} is a folder.`);
    }
    if (old !== undefined && !overwrite) {
      throw new FileAccessError("exists", path, `${path} is there already.`);
    }
    if (expected && (old?.size !== expected.size || old.mtimeMs !== expected.mtimeMs)) {
      throw new FileAccessError("changed", path, `${path} was changed in the session meanwhile.`);
    }
    const temporary = posix.join(posix.dirname(path), `.${posix.basename(path).slice(0, 200)}.part`);
    await this.#use(path, options, async (files) => {
      const handle = await files.open(temporary, "w");
      try {
        const pieces: Uint8Array[] = [];
        for await (const piece of content.open(0)) {
          pieces.push(piece);
        }
        await files.write(handle, Buffer.concat(pieces), { atOnce: requestsAtOnce, signal });
      } finally {
        await files.close(handle);
      }
      await files.replace(temporary, path);
    });
    return this.stat(path, { signal });
  }

  async makeDirectory(path: string, options: OperationOptions): Promise<void> {
    await this.#use(path, options, (files) => files.makeFolder(path));
  }

  async remove(path: string, options: OperationOptions & { readonly recursive: boolean }): Promise<void> {
    const own = await this.#use(path, options, (files) => files.look(path));
    if (own === undefined) {
      throw missing(path);
    }
    if ((own.mode & kindMask) !== 0o040000) {
      await this.#use(path, options, (files) => files.remove(path));
      return;
    }
    if (options.recursive) {
      for (const { name } of await this.list(path, options)) {
        await this.remove(posix.join(path, name), options);
      }
    }
    await this.#use(path, options, (_, requests) => requests.ask((sftp, done) => sftp.rmdir(path, done)));
  }

  async rename(from: string, to: string, { overwrite, signal }: MoveOptions): Promise<void> {
    await this.#use(from, { signal }, async (files, requests) => {
      if (overwrite) {
        await files.replace(from, to);
      } else if ((await files.look(to)) === undefined) {
        await requests.ask((sftp, done) => sftp.rename(from, to, done));
      } else {
        throw new FileAccessError("exists", to, `${to} is there already.`);
      }
    });
  }

  copy(from: string): Promise<void> {
    return Promise.reject(new FileAccessError("unsupported", from, `${from} can't be copied.`));
  }

  async #use<T>(
    path: string,
    { signal }: OperationOptions,
    action: (files: RemoteFiles, requests: SftpRequests) => Promise<T>,
  ): Promise<T> {
    const { RemoteFiles } = await import("../sftp/remoteFiles.js");
    const used = await this.#sftp.use(this.#place, signal, async (requests) => {
      try {
        return await action(new RemoteFiles(requests), requests);
      } catch (error) {
        throw translated(error, path);
      }
    });
    if (used === undefined) {
      throw new FileAccessError("unavailable", path, "The session can't be reached by ssh.");
    }
    return used.result;
  }
}

async function readPiece(
  requests: SftpRequests,
  handle: Buffer,
  start: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  try {
    const count = await requests.ask<number>((sftp, done) =>
      sftp.read(handle, buffer, 0, length, start, (error, read) => done(error, read)),
    );
    return buffer.subarray(0, count);
  } catch (error) {
    if (codeOf(error) === 1) {
      return Buffer.alloc(0); // its end
    }
    throw error;
  }
}

function infoOf(end: Stats | undefined, isLink: boolean, own: Stats): FileInfo {
  const { mode, size, mtime, uid } = end ?? own;
  return {
    type: end === undefined ? "unknown" : (kinds[mode & kindMask] ?? "other"),
    isLink,
    size,
    mtimeMs: mtime * 1000,
    mode: mode & 0o7777,
    uid,
  };
}

function translated(error: unknown, path: string): unknown {
  switch (codeOf(error)) {
    case refusal.noSuchFile:
      return missing(path, error);
    case refusal.permissionDenied:
      return new FileAccessError("permissionDenied", path, `You may not do this with ${path}.`, {
        cause: error,
      });
    case refusal.failure:
      return new FileAccessError("invalid", path, `The session refuses this for ${path}.`, { cause: error });
    default:
      return error;
  }
}

function missing(path: string, cause?: unknown): FileAccessError {
  return new FileAccessError("notFound", path, `${path} is not in the session.`, { cause });
}
