import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rmdir, stat, truncate } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Era } from "../era.js";
import { Refusal } from "../http/refusal.js";
import { resolveEntry, resolveInFolder } from "./folderPath.js";
import type { Folder } from "./folderStore.js";

/** Where a folder keeps what is on its way, as real servers do. */
const uploadsDirectory = ".upload";
/** Writes at the end of a file that is there, and follows no link. */
const appendNoLink = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;

/** An upload that goes on in pieces. */
export interface Upload {
  readonly folder: Folder;
  readonly session: string;
  readonly path: string;
  readonly size: number;
}

/** Uploads by tus (`protocol.md` §6.5): what has arrived waits in the folder until all is there. */
export class Uploads {
  /** Uploads that a piece arrives for: newer servers take one at a time. */
  readonly #busy = new Set<string>();
  readonly #era: Era;

  constructor(era: Era) {
    this.#era = era;
  }

  /** @returns The session of a new upload. */
  async begin(folder: Folder): Promise<string> {
    const session = randomUUID().replaceAll("-", "");
    const place = placeOf({ folder, session });
    await mkdir(path.dirname(place), { recursive: true });
    await (await open(place, "wx")).close();
    return session;
  }

  /**
   * Bytes that have arrived.
   * @throws {Refusal} 404 when there is no such upload, or none any more.
   */
  async offset(upload: Upload): Promise<number> {
    const found = await stat(placeOf(upload)).catch(() => undefined);
    if (found === undefined) {
      throw new Refusal("storage-upload-missing");
    }
    return found.size;
  }

  /**
   * Takes a piece. Since 26.2 it has to be for the offset that the upload has, and counts only as a whole; before, whatever comes
   * is put at the end.
   * @param offset The client's `Upload-Offset`.
   * @returns Bytes that have arrived.
   * @throws {Refusal}
   */
  async append(upload: Upload, offset: string | undefined, body: Readable): Promise<number> {
    const before = await this.offset(upload);
    if (!this.#era.dialect.folders.checksOffset) {
      await write(upload, body);
      return this.#finish(upload);
    }
    if (offset === undefined || !/^\d+$/.test(offset)) {
      throw new Refusal("storage-parameters", {
        msg: "Missing required Upload-Offset header for TUS PATCH request",
      });
    }
    if (this.#busy.has(upload.session)) {
      throw new Refusal("storage-upload-busy");
    }
    if (Number(offset) !== before) {
      const msg = `Upload offset mismatch: expected ${String(before)}, got ${offset}`;
      throw new Refusal("storage-offset", { msg });
    }
    this.#busy.add(upload.session);
    try {
      await write(upload, body);
    } catch (error) {
      await truncate(placeOf(upload), before);
      throw error;
    } finally {
      this.#busy.delete(upload.session);
    }
    return this.#finish(upload);
  }

  /** Puts the file to its place once all of it is there. */
  async #finish(upload: Upload): Promise<number> {
    const arrived = await this.offset(upload);
    if (arrived >= upload.size) {
      const parent = await resolveInFolder(upload.folder, path.posix.dirname(upload.path));
      if (this.#era.dialect.folders.directoryOptions) {
        await mkdir(parent, { recursive: true });
      }
      await rename(placeOf(upload), await resolveEntry(upload.folder, upload.path));
      await rmdir(path.dirname(placeOf(upload))).catch(() => undefined); // others are on their way
    }
    return arrived;
  }
}

function placeOf({ folder, session }: Pick<Upload, "folder" | "session">): string {
  return path.join(folder.directory, uploadsDirectory, path.basename(session));
}

async function write(upload: Upload, body: Readable): Promise<void> {
  const file = await open(placeOf(upload), appendNoLink);
  await pipeline(body, file.createWriteStream()); // closes the file as well
}
