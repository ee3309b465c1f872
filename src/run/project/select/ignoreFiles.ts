import { posix } from "node:path";
import ignore, { type Ignore } from "ignore";
import type { ProjectFolder } from "./projectFolder.js";

/** What git calls its lists. */
export const ignoreFileName = ".gitignore";

/** A longer list is not read, in bytes. */
const limitBytes = 1024 * 1024;

/** The `.gitignore` files of a folder and of those in it. A list counts once its folder was entered. */
export class IgnoreFiles {
  readonly #folder: ProjectFolder;
  readonly #lists = new Map<string, Ignore>();

  constructor(folder: ProjectFolder) {
    this.#folder = folder;
  }

  /**
   * Goes into a folder that is not ignored, those above it first.
   * @param hasList Whether it may have a list. One that can't be read ignores nothing.
   */
  async enter(folder: string, hasList = true): Promise<void> {
    for (const [above, inside, list] of this.#listsFor(`${folder}/`)) {
      if (above !== folder && list.test(inside).ignored) {
        list.add(`!/${inside.replaceAll(/[\\*?[\] ]/g, "\\$&")}`); // a list nearer to it says so
      }
    }
    const path = posix.join(folder, ignoreFileName);
    try {
      if (hasList && (await this.#folder.stat(path)).size <= limitBytes) {
        const text = new TextDecoder().decode(await this.#folder.read(path));
        this.#lists.set(folder, ignore({ ignorecase: false }).add(text));
      }
    } catch {
      // there is none
    }
  }

  /**
   * Whether git leaves alone what is in an entered folder. The list nearest to it counts most.
   * @param path That of a folder ends with `/`.
   */
  ignores(path: string): boolean {
    for (const [, inside, list] of this.#listsFor(path)) {
      const { ignored, unignored } = list.test(inside);
      if (ignored || unignored) {
        return ignored;
      }
    }
    return false;
  }

  /** The lists that may speak of a path, the nearest first, with what they call it. */
  #listsFor(path: string): (readonly [folder: string, inside: string, list: Ignore])[] {
    return foldersAbove(path)
      .reverse()
      .flatMap((folder) => {
        const list = this.#lists.get(folder);
        return list === undefined
          ? []
          : [[folder, folder === "" ? path : path.slice(folder.length + 1), list]];
      });
  }
}

/** The folders that a path lies in, from the top: the empty path first. */
export function foldersAbove(path: string): string[] {
  const parts = path.replace(/\/$/, "").split("/");
  return parts.map((_, index) => parts.slice(0, index).join("/"));
}
