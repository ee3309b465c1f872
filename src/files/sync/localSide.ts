import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import { createReadStream, type Dirent, type Stats } from "node:fs";
import { lstat, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { errorCodeOf } from "../../base/errors.js";
import type { FileContent } from "../access/fileAccess.js";
import { FileAccessError } from "../access/fileAccessError.js";
import { isMissing } from "../local/localErrors.js";
import { makePlainFolders } from "../local/plainFolders.js";
import type { FileStamp, MirrorSide, PathChoice, SideOptions } from "./mirrorSide.js";

/** A folder of this computer. */
export class LocalSide implements MirrorSide {
  readonly name: string;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.name = root;
  }

  async scan(choice: PathChoice, { signal }: SideOptions): Promise<ReadonlyMap<string, FileStamp>> {
    const found = new Map<string, FileStamp>();
    const folders = [""];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      signal.throwIfAborted();
      for (const entry of await entriesOf(path.join(this.#root, folder))) {
        const relative = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (!choice(relative, entry.isDirectory())) {
          continue;
        }
        if (entry.isDirectory()) {
          folders.push(relative);
        } else if (entry.isFile()) {
          const stats = await statsOf(this.#at(relative));
          if (stats !== undefined) {
            found.set(relative, stampOf(stats));
          }
        }
      }
    }
    return found;
  }

  content(relative: string, size: number): FileContent {
    return { size, open: (start) => createReadStream(this.#at(relative), { start }) };
  }

  async write(
    relative: string,
    content: FileContent,
    { signal, expected }: SideOptions & { readonly expected: FileStamp | undefined },
  ): Promise<FileStamp> {
    const target = this.#at(relative);
    // What is written through a link is not seen by the next look, and would count as deleted.
    await makePlainFolders(this.#root, path.dirname(target));
    const temporary = path.join(path.dirname(target), `.${randomBytes(6).toString("hex")}.part`);
    try {
      const file = await open(temporary, "wx");
      try {
        for await (const piece of content.open(0)) {
          signal.throwIfAborted();
          await file.writeFile(piece);
        }
      } finally {
        await file.close();
      }
      await this.#expect(relative, expected);
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    return stampOf(await lstat(target));
  }

  async remove(
    relative: string,
    { expected }: SideOptions & { readonly expected: FileStamp },
  ): Promise<void> {
    await this.#expect(relative, expected);
    await rm(this.#at(relative));
  }

  async #expect(relative: string, expected: FileStamp | undefined): Promise<void> {
    const stats = await statsOf(this.#at(relative));
    const isSame =
      expected === undefined
        ? stats === undefined
        : stats?.isFile() === true && stats.size === expected.size && stats.mtimeMs === expected.mtimeMs;
    if (!isSame) {
      throw new FileAccessError(
        "changed",
        this.#at(relative),
        l10n.t("{0} was changed meanwhile.", this.#at(relative)),
      );
    }
  }

  #at(relative: string): string {
    const full = path.join(this.#root, relative);
    if (!full.startsWith(path.join(this.#root, path.sep))) {
      throw new FileAccessError("invalid", relative, l10n.t("{0} leads out of {1}.", relative, this.#root));
    }
    return full;
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") {
      return [];
    }
    throw error;
  }
}

async function statsOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function stampOf({ size, mtimeMs }: Stats): FileStamp {
  return { size, mtimeMs };
}
