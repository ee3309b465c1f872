import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { UnsafePathError } from "../../api/errors.js";
import type { FileAccess, FileContent } from "../access/fileAccess.js";
import { FileAccessError, isFileFailure } from "../access/fileAccessError.js";
import type { FileStamp, MirrorSide, PathChoice, SideOptions } from "./mirrorSide.js";

/** Folders that are listed at a time. */
const listsAtOnce = 6;

/** A folder of a session. */
export class SessionSide implements MirrorSide {
  readonly name: string;
  readonly #access: FileAccess;
  readonly #root: string;
  readonly #folders = new Set<string>();

  constructor(access: FileAccess, root: string, sessionName: string) {
    this.#access = access;
    this.#root = root;
    this.name = `${sessionName}:${root}`;
  }

  async scan(choice: PathChoice, options: SideOptions): Promise<ReadonlyMap<string, FileStamp>> {
    const found = new Map<string, FileStamp>();
    let level = [""];
    while (level.length > 0) {
      const next: string[] = [];
      for (let start = 0; start < level.length; start += listsAtOnce) {
        const part = level.slice(start, start + listsAtOnce);
        await Promise.all(part.map((folder) => this.#scanFolder(folder, { choice, options, found, next })));
      }
      level = next;
    }
    return found;
  }

  content(relative: string, size: number, { signal }: SideOptions): FileContent {
    const path = this.#at(relative);
    return { size, open: (start) => this.#access.read(path, { signal, range: { start } }) };
  }

  async write(
    relative: string,
    content: FileContent,
    { signal, expected }: SideOptions & { readonly expected: FileStamp | undefined },
  ): Promise<FileStamp> {
    const path = this.#at(relative);
    if (expected === undefined) {
      await this.#makeFolders(posix.dirname(path), signal);
      return this.#access.write(path, content, { overwrite: false, signal });
    }
    return this.#access.write(path, content, { expected, signal });
  }

  async remove(
    relative: string,
    { signal, expected }: SideOptions & { readonly expected: FileStamp },
  ): Promise<void> {
    const path = this.#at(relative);
    const { size, mtimeMs } = await this.#access.stat(path, { signal });
    if (size !== expected.size || mtimeMs !== expected.mtimeMs) {
      throw new FileAccessError("changed", path, l10n.t("{0} was changed in the session meanwhile.", path));
    }
    await this.#access.remove(path, { recursive: false, signal });
  }

  async #scanFolder(
    folder: string,
    {
      choice,
      options,
      found,
      next,
    }: {
      readonly choice: PathChoice;
      readonly options: SideOptions;
      readonly found: Map<string, FileStamp>;
      readonly next: string[];
    },
  ): Promise<void> {
    for (const file of await this.#list(posix.join(this.#root, folder), options)) {
      const relative = folder === "" ? file.name : `${folder}/${file.name}`;
      const isFolder = file.type === "directory";
      // A name with replacement characters can't be asked for by its bytes.
      if (file.isLink || file.name.includes("\uFFFD") || !choice(relative, isFolder)) {
        continue;
      }
      if (isFolder) {
        next.push(relative);
      } else if (file.type === "file") {
        found.set(relative, { size: file.size, mtimeMs: file.mtimeMs });
      }
    }
  }

  async #list(path: string, options: SideOptions): ReturnType<FileAccess["list"]> {
    try {
      return await this.#access.list(path, options);
    } catch (error) {
      if (isFileFailure(error, "notFound")) {
        return [];
      }
      throw error;
    }
  }

  /**
   * Each once; what is there already is no error, unless it is a link: what is written through it is not seen by the next look, and
   * would count as deleted.
   */
  async #makeFolders(folder: string, signal: AbortSignal): Promise<void> {
    if (folder === "/" || this.#folders.has(folder)) {
      return;
    }
    const there = await this.#access.stat(folder, { signal }).catch((error: unknown) => {
      if (isFileFailure(error, "notFound")) {
        return undefined;
      }
      throw error;
    });
    const isInside = folder.startsWith(posix.join(this.#root, "/"));
    if (there?.isLink === true && isInside) {
      throw new UnsafePathError(folder, l10n.t("would be written through a link"));
    }
    if (there === undefined || isInside) {
      await this.#makeFolders(posix.dirname(folder), signal);
    }
    if (there === undefined) {
      await this.#access.makeDirectory(folder, { signal });
    }
    this.#folders.add(folder);
  }

  #at(relative: string): string {
    const path = posix.join(this.#root, relative);
    if (!path.startsWith(posix.join(this.#root, "/"))) {
      throw new FileAccessError("invalid", relative, l10n.t("{0} leads out of {1}.", relative, this.#root));
    }
    return path;
  }
}
