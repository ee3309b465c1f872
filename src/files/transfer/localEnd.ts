import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import type { Dirent, Stats } from "node:fs";
import { type FileHandle, link, lstat, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { UnsafePathError } from "../../api/errors.js";
import { checkLocalName, localKeyOf } from "../../api/files/localNames.js";
import { errorCodeOf } from "../../base/errors.js";
import type { FileContent, FileInfo, NamedFile, OperationOptions } from "../access/fileAccess.js";
import { FileAccessError } from "../access/fileAccessError.js";
import { isMissing, wordsOf } from "../local/localErrors.js";
import { makePlainFolders } from "../local/plainFolders.js";
import { inLanes } from "../upload/lanes.js";
import { againAfterLoss } from "./retries.js";
import type { EndWriteOptions, TransferEnd } from "./transferEnd.js";

/** What is read at a time, in bytes: most files are small. */
const firstBytes = 16 * 1024;
const pieceBytes = 256 * 1024;

/** Entries of a folder that are looked at side by side. */
const looksAtOnce = 32;

/**
 * Files of this computer. Nothing is written outside `root`, and nothing through a link that is below it.
 */
export class LocalEnd implements TransferEnd {
  readonly label = l10n.t("this computer");
  readonly #root: string | undefined;
  readonly #platform: NodeJS.Platform;
  /** Folders that are known to be no links. */
  readonly #plain = new Set<string>();

  /** @param root Where may be written; absent: nowhere. */
  constructor(root?: string, platform: NodeJS.Platform = process.platform) {
    this.#root = root === undefined ? undefined : path.resolve(root);
    this.#platform = platform;
  }

  join(folder: string, name: string): string {
    checkLocalName(name, this.#platform);
    return path.join(folder, name);
  }

  keyOf(name: string): string {
    return localKeyOf(name, this.#platform);
  }

  async look(file: string): Promise<NamedFile | undefined> {
    try {
      return await named(path.basename(file), await lstat(file), file);
    } catch (error) {
      if (isMissing(error)) {
        return undefined;
      }
      throw wordsOf(error, file);
    }
  }

  async list(folder: string, { signal }: OperationOptions): Promise<readonly NamedFile[]> {
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw wordsOf(error, folder);
    });
    const files: NamedFile[] = [];
    await inLanes(entries, looksAtOnce, async ({ name }) => {
      signal.throwIfAborted();
      const file = await this.look(path.join(folder, name));
      if (file !== undefined) {
        files.push(file);
      }
    });
    return files;
  }

  async *read(file: string, start: number, { signal }: OperationOptions): AsyncGenerator<Uint8Array> {
    const handle = await open(file, "r").catch((error: unknown) => {
      throw wordsOf(error, file);
    });
    try {
      for (let position = start; ;) {
        signal.throwIfAborted();
        const most = position === start ? firstBytes : pieceBytes;
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(most), 0, most, position);
        if (bytesRead === 0) {
          return;
        }
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async write(file: string, content: FileContent, options: EndWriteOptions): Promise<void> {
    await this.makeFolder(path.dirname(file));
    const temporary = path.join(path.dirname(file), `.backendai-${randomBytes(6).toString("hex")}.part`);
    const handle = await open(temporary, "wx", options.isExecutable ? 0o777 : 0o666).catch(
      (error: unknown) => {
        throw wordsOf(error, file);
      },
    );
    try {
      try {
        await fill(handle, content, options);
      } finally {
        await handle.close();
      }
      await this.#putInPlace(temporary, file, options.overwrite);
    } catch (error) {
      await rm(temporary, { force: true });
      throw wordsOf(error, file);
    }
  }

  async makeFolder(folder: string): Promise<void> {
    const root = this.#root;
    const inside = root === undefined ? ".." : path.relative(root, folder);
    if (root === undefined || inside.split(path.sep)[0] === ".." || path.isAbsolute(inside)) {
      throw new UnsafePathError(folder, l10n.t("is outside the folder that is downloaded to"));
    }
    await makePlainFolders(root, folder, this.#plain);
  }

  async #putInPlace(temporary: string, file: string, overwrite: boolean): Promise<void> {
    if (overwrite) {
      await rename(temporary, file); // a link is replaced, as rename does not follow it
      return;
    }
    try {
      await link(temporary, file); // fails where something is there, in one step
      await unlink(temporary);
    } catch (error) {
      if (errorCodeOf(error) === "EEXIST") {
        throw new FileAccessError("exists", file, l10n.t("{0} is there already.", file));
      }
      if ((await this.look(file)) !== undefined) {
        throw new FileAccessError("exists", file, l10n.t("{0} is there already.", file));
      }
      await rename(temporary, file); // a file system without hard links
    }
  }
}

/** Reads on from where it was when the connection is lost. */
async function fill(handle: FileHandle, content: FileContent, options: EndWriteOptions): Promise<void> {
  let written = 0;
  await againAfterLoss(async () => {
    for await (const piece of content.open(written)) {
      options.signal.throwIfAborted();
      await writeAll(handle, piece, written);
      written += piece.byteLength;
      options.onProgress?.(written);
    }
  }, options.signal);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    done += (await handle.write(bytes, done, bytes.byteLength - done, position + done)).bytesWritten;
  }
}

async function named(name: string, own: Stats, file: string): Promise<NamedFile> {
  const isLink = own.isSymbolicLink();
  const end = isLink ? await stat(file).catch(() => undefined) : own;
  const type: FileInfo["type"] =
    end === undefined ? "unknown" : end.isFile() ? "file" : end.isDirectory() ? "directory" : "other";
  const { size, mtimeMs, mode, uid } = end ?? own;
  return { name, type, isLink, size, mtimeMs, mode: mode & 0o7777, uid };
}
