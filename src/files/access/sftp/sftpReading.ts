import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type { Stats } from "ssh2";
import type { RemoteFiles } from "../../sftp/remoteFiles.js";
import { isGivenUp } from "../../sftp/sftpRequests.js";
import { inOrder } from "../../sftp/pieces.js";
import type { FileInfo, NamedFile, ReadOptions } from "../fileAccess.js";
import { FileAccessError } from "../fileAccessError.js";
import { type FileAct, explained, missing } from "./sftpErrors.js";
import { infoOf } from "./sftpInfo.js";
import type { OpenLink, SftpLink } from "./sftpLink.js";

/** Requests of 32 KiB for a file on their way: at most 2 MiB of it are in memory. */
export const requestsAtOnce = 64;

/** Links of a folder whose ends are looked up at a time. */
const linksAtOnce = 64;

/** What is at a path, and what it leads to. */
export async function statBySftp(files: RemoteFiles, path: string): Promise<FileInfo> {
  return explaining(files, { path, act: "look" }, async () => {
    const own = await files.look(path);
    if (own === undefined) {
      throw missing(path);
    }
    return infoOf(own, own.isSymbolicLink() ? await endOf(files, path) : own);
  });
}

/** The entries of a folder; only links cost a round trip each, many at a time. */
export async function listBySftp(files: RemoteFiles, path: string): Promise<readonly NamedFile[]> {
  return explaining(files, { path, act: "list" }, async () => {
    const entries = await files.list(path);
    const ends = await endsOf(
      files,
      entries.filter(({ attrs }) => attrs.isSymbolicLink()).map(({ filename }) => posix.join(path, filename)),
    );
    return entries.map(({ filename, attrs }) => {
      const end = attrs.isSymbolicLink() ? ends.get(posix.join(path, filename)) : attrs;
      return { name: filename, ...infoOf(attrs, end) };
    });
  });
}

async function endsOf(files: RemoteFiles, links: readonly string[]): Promise<Map<string, Stats | undefined>> {
  const ends = new Map<string, Stats | undefined>();
  const queue = links.values();
  const ask = (): Promise<readonly [string, Stats | undefined]> | undefined => {
    const { value: link, done } = queue.next();
    return done === true ? undefined : endOf(files, link).then((end) => [link, end] as const);
  };
  for await (const [link, end] of inOrder(linksAtOnce, ask)) {
    ends.set(link, end);
  }
  return ends;
}

/** Where a link leads; `undefined` where it leads nowhere, in a circle, or to what may not be looked at. */
async function endOf(files: RemoteFiles, path: string): Promise<Stats | undefined> {
  try {
    return await files.follow(path);
  } catch (error) {
    if (isGivenUp(error)) {
      throw error;
    }
    return undefined;
  }
}

/**
 * The bytes of a file as it was when reading began. What is added meanwhile is left out; after a lost connection it goes on
 * where it was, if the file is still the same.
 * @throws {FileAccessError} (`changed`) when it became shorter or was rewritten meanwhile.
 */
export async function* readBySftp(
  link: SftpLink,
  path: string,
  { range, signal }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const asked = { path, signal };
  const reading = await link.persist(asked, async (files) => Reading.begin(files, path, range));
  for (;;) {
    const open = await link.persist(
      asked,
      async () => reading.reopen(link, asked),
      () => reading.next,
    );
    try {
      yield* reading.pieces(open, signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isGivenUp(error)) {
        throw error;
      }
    } finally {
      open.close();
    }
  }
}

interface OpenFile {
  readonly files: RemoteFiles;
  readonly handle: Buffer;
  close(): void;
}

/** A file that is being read. */
class Reading {
  readonly #path: string;
  readonly #stats: Stats;
  readonly #end: number;
  /** The byte that comes next. */
  next: number;

  private constructor(
    path: string,
    stats: Stats,
    { start, end }: { readonly start: number; readonly end: number },
  ) {
    this.#path = path;
    this.#stats = stats;
    this.next = start;
    this.#end = end;
  }

  /** What is no file is not opened: a pipe would hold up the server's SFTP for everybody, and a device has no end. */
  static async begin(files: RemoteFiles, path: string, range: ReadOptions["range"]): Promise<Reading> {
    const stats = await explaining(files, { path, act: "read" }, async () => files.follow(path));
    if (stats === undefined) {
      // for programs
      throw await explained(files, Object.assign(new Error("No such file"), { code: 2 }), {
        path,
        act: "read",
      });
    }
    if (!stats.isFile()) {
      throw stats.isDirectory()
        ? new FileAccessError("isADirectory", path, l10n.t("{0} is a folder.", path))
        : new FileAccessError(
            "invalid",
            path,
            l10n.t("{0} is no file but a device, a pipe or a socket.", path),
          );
    }
    // Files of the kernel, such as those of /proc, have no size and yet bytes.
    const size = stats.size === 0 ? Number.MAX_SAFE_INTEGER : stats.size;
    const start = Math.max(0, range?.start ?? 0);
    return new Reading(path, stats, { start, end: Math.min(size, range?.end ?? size) });
  }

  async reopen(
    link: SftpLink,
    asked: { readonly path: string; readonly signal: AbortSignal },
  ): Promise<OpenFile> {
    const open = await link.open(asked);
    try {
      const { files } = open;
      const handle = await explaining(files, { path: this.#path, act: "read" }, async () =>
        files.open(this.#path, "r"),
      );
      return { files, handle, close: () => closeBehind(open, handle) };
    } catch (error) {
      open.dispose();
      throw error;
    }
  }

  async *pieces({ files, handle }: OpenFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { size } = this.#stats;
    const isResumed = this.next > 0;
    const path = this.#path;
    if (isResumed) {
      await this.#check(files, handle);
    }
    const atOnce = size === 0 ? 1 : requestsAtOnce;
    const pieces = files.read(handle, { start: this.next, end: this.#end, atOnce });
    try {
      for await (const piece of pieces) {
        signal.throwIfAborted();
        this.next += piece.length;
        yield piece;
      }
    } catch (error) {
      throw await explained(files, error, { path, act: "read" });
    }
    if (size > 0 && this.next < this.#end) {
      throw changed(path);
    }
    if (this.#end > requestsAtOnce * 32 * 1024) {
      await this.#check(files, handle);
    }
  }

  /** Whether the bytes so far are those of the file that is there: it may only have grown. */
  async #check(files: RemoteFiles, handle: Buffer): Promise<void> {
    const { size, mtime } = await files.statOf(handle);
    const isSame = size === this.#stats.size && mtime === this.#stats.mtime;
    if (!isSame && size <= this.#stats.size) {
      throw changed(this.#path);
    }
  }
}

function closeBehind(link: OpenLink, handle: Buffer): void {
  link.files
    .close(handle)
    .catch(() => undefined) // it is closed with its connection, too
    .finally(() => link.dispose());
}

function changed(path: string): FileAccessError {
  return new FileAccessError(
    "changed",
    path,
    l10n.t("{0} was changed in the session while it was read. Read it again.", path),
  );
}

/** Does something, and says in words what a server refuses. */
export async function explaining<T>(
  files: RemoteFiles,
  about: { readonly path: string; readonly act: FileAct },
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw await explained(files, error, about);
  }
}
