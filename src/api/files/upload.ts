import { posix } from "node:path";
import { Readable } from "node:stream";
import { ConfigurationError, messageOf } from "../../base/errors.js";
import { limits } from "../../wire/limits.js";
import { isReleaseAtLeast } from "../../wire/version.js";
import { type Context, sessionRequest } from "../context.js";
import { ApiError, FileTooLargeError, NotFoundError, ServerError, UploadLostError } from "../errors.js";
import type { Progress, SessionCallOptions } from "../options.js";
import type { DirectoryListing, FileEntry } from "./fileEntry.js";
import { translateFileError } from "./fileErrors.js";
import { multipartBody, type Part } from "./multipartBody.js";
import { homeDirectory, relativeName } from "./remoteName.js";

/** A file to be written. */
export interface UploadFile {
  /** Relative to `/home/work`, or absolute inside it; folders on the way are made. */
  readonly path: string;
  /** Bytes, or what opens them; it may be opened again when the server wants another form of the name. */
  readonly content: Uint8Array | (() => Readable);
  /** Bytes; only needed for a stream. */
  readonly size?: number | undefined;
}

/** How to upload. */
export interface UploadOptions extends SessionCallOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Slowest link, in bytes a second, over which an upload's deadline still leaves time. */
const slowestBytesPerSecond = 32 * 1024;

/** Writes files into sessions, in as many requests as the limits of one ask for (`protocol.md` §6.1). */
export class Uploader {
  readonly #context: Context;
  readonly #list: (id: string, path: string, call: SessionCallOptions) => Promise<DirectoryListing>;
  /** Whether names go as absolute ones. The release tells it wrongly for some, which is learned from a refusal. */
  #isAbsolute: boolean;

  /** @param list Lists a folder of a session. */
  constructor(
    context: Context,
    list: (id: string, path: string, call: SessionCallOptions) => Promise<DirectoryListing>,
  ) {
    this.#context = context;
    this.#list = list;
    this.#isAbsolute = context.dialect.files.uploadNames === "absolute";
  }

  async upload(id: string, files: readonly UploadFile[], options: UploadOptions): Promise<void> {
    const checked = files.map(checkedFile);
    const { findings } = this.#context;
    const form = this.#isAbsolute;
    try {
      for (let start = 0; start < checked.length; start += limits.uploadFiles) {
        await this.#batch(id, checked.slice(start, start + limits.uploadFiles), options);
      }
      await this.#verify(id, checked, options);
    } catch (error) {
      if (error instanceof UploadLostError) {
        this.#isAbsolute = form; // the other form was no better
        findings.saw("uploadsVanish");
      }
      throw error;
    }
    if (this.#isAbsolute !== form) {
      this.#learnNames();
    }
  }

  /**
   * A 2xx is no proof (`real-servers.md`): what was sent must be there. One listing a folder; what can't be listed stays
   * unproven.
   * @throws {UploadLostError}
   * @throws {NotFoundError} when the session has ended meanwhile.
   */
  async #verify(id: string, files: readonly CheckedFile[], call: SessionCallOptions): Promise<void> {
    const oldestMs = Date.now() - limits.clockSkewMs;
    const sizes = new Map(files.map(({ name, size }) => [name, size])); // of two with one name the last one counts
    for (const folder of new Set(files.map(({ name }) => posix.dirname(name)))) {
      const entries = await this.#entries(id, folder, call);
      for (const name of entries === undefined ? inFolder(sizes, folder) : []) {
        sizes.delete(name);
      }
      for (const { name, size, mtimeMs } of entries ?? []) {
        const path = posix.join(folder, name);
        // Of another size it was changed meanwhile, or it is a link; an old one is what was there before.
        if (sizes.get(path) === size || mtimeMs > oldestMs) {
          sizes.delete(path);
        }
      }
    }
    if (sizes.size > 0) {
      throw new UploadLostError([...sizes.keys()]);
    }
  }

  /** What a folder has; `undefined` when it can't be told. */
  async #entries(
    id: string,
    folder: string,
    call: SessionCallOptions,
  ): Promise<readonly FileEntry[] | undefined> {
    try {
      return (await this.#list(id, folder, call)).entries;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 404) {
        throw error;
      }
      if (error instanceof NotFoundError && folder !== "." && error.message.includes(folder)) {
        return []; // the folder itself is missing
      }
      this.#context.transport.logger.debug(`an upload stays unproven: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #batch(id: string, files: readonly CheckedFile[], options: UploadOptions): Promise<void> {
    try {
      await this.#send(id, files, options);
    } catch (error) {
      if (!this.#mayWantOtherNames(error)) {
        throw translateFileError(error, files.map(({ name }) => name).join(", "));
      }
      this.#isAbsolute = !this.#isAbsolute;
      try {
        await this.#send(id, files, options);
      } catch {
        options.signal?.throwIfAborted();
        this.#isAbsolute = !this.#isAbsolute; // it was not the names
        throw translateFileError(error, files.map(({ name }) => name).join(", "));
      }
    }
  }

  #learnNames(): void {
    const { findings } = this.#context;
    if (this.#isAbsolute) {
      findings.saw("uploadNames");
    } else {
      findings.disproved("uploadNames");
    }
  }

  /** 24.03 and 24.09.6 want absolute names, 24.09.14 relative ones. Older servers could write outside the session by absolute ones. */
  #mayWantOtherNames(error: unknown): boolean {
    const { manager } = this.#context.dialect;
    return (
      error instanceof ServerError &&
      /PermissionError/.test(error.agentException ?? "") &&
      isReleaseAtLeast(manager, "24.03")
    );
  }

  async #send(id: string, files: readonly CheckedFile[], options: UploadOptions): Promise<void> {
    const { transport } = this.#context;
    const sent = new Map<string, number>();
    const parts = files.map((file): Part => {
      const open = (): Readable => {
        sent.delete(file.name); // a server that stumbled is sent all of it again
        return file.open();
      };
      return this.#part({ ...file, open });
    });
    const told = (part: Part, bytes: number): void => {
      const file = files[parts.indexOf(part)]?.name ?? part.name;
      const transferredBytes = (sent.get(file) ?? 0) + bytes;
      sent.set(file, transferredBytes);
      options.onProgress?.({ file, transferredBytes, totalBytes: part.size });
    };
    const stream = multipartBody(parts, options.onProgress && told);
    const headersMs = transport.timeouts.headersMs + (stream.bytes / slowestBytesPerSecond) * 1000;
    const { signal, ownerAccessKey } = options;
    await transport.run(
      sessionRequest(this.#context, {
        method: "POST",
        id,
        tail: "/upload",
        stream,
        isRepeatable: true, // the same bytes to the same place
        headersMs,
        signal,
        ownerAccessKey,
      }),
    );
  }

  #part({ name, ...content }: CheckedFile): Part {
    return this.#isAbsolute
      ? { name: `${homeDirectory}/${name}`, isExtended: true, ...content }
      : { name, isExtended: false, ...content };
  }
}

function inFolder(sizes: ReadonlyMap<string, number>, folder: string): string[] {
  return [...sizes.keys()].filter((name) => posix.dirname(name) === folder);
}

interface CheckedFile {
  readonly name: string;
  readonly size: number;
  /** Where they are in memory. */
  readonly bytes: Uint8Array | undefined;
  readonly open: () => Readable;
}

/**
 * @throws {FileTooLargeError}
 * @throws {UnsafePathError} Before a byte is sent.
 */
function checkedFile({ path, content, size }: UploadFile): CheckedFile {
  const name = relativeName(path);
  const length = content instanceof Uint8Array ? content.length : size;
  if (length === undefined) {
    throw new ConfigurationError("files", `The size of ${name} must be given, as its content is a stream.`);
  }
  if (length >= limits.uploadFileBytes) {
    throw new FileTooLargeError(name, length, limits.uploadFileBytes);
  }
  return {
    name,
    size: length,
    bytes: content instanceof Uint8Array ? content : undefined,
    open: content instanceof Uint8Array ? () => Readable.from([content], { objectMode: false }) : content,
  };
}
