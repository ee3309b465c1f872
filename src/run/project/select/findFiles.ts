import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { ConfigurationError } from "../../../base/errors.js";
import { inLanes } from "../../../files/upload/lanes.js";
import { compileGlobs, type Globs } from "./globs.js";
import { foldersAbove, ignoreFileName, IgnoreFiles } from "./ignoreFiles.js";
import type { FolderEntry, ProjectFolder } from "./projectFolder.js";

/** Entries that are looked at: more is a place where nobody meant to look. */
const entriesLimit = 50_000;

/** Folders that are listed at once. */
const lanes = 8;

/** What a person wants to travel. */
export interface Selection {
  /** Globs. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What was found. */
export interface FoundFiles {
  /** Sorted. */
  readonly paths: readonly string[];
  /** Links that would have been meant: they may lead anywhere, so they don't travel. */
  readonly links: readonly string[];
  readonly unreadable: readonly string[];
}

/**
 * The files of a folder that are included, not excluded, and not ignored by git.
 * @throws {ConfigurationError} when it would have to look at too many.
 */
export async function findFiles(
  folder: ProjectFolder,
  selection: Selection,
  signal: AbortSignal,
): Promise<FoundFiles> {
  const search = new Search(folder, selection);
  for (let level: readonly string[] = [""]; level.length > 0;) {
    const below: string[] = [];
    await inLanes(level, lanes, async (path) => {
      signal.throwIfAborted();
      below.push(...(await search.visit(path)));
    });
    level = below;
  }
  return {
    paths: search.paths.sort(),
    links: search.links.sort(),
    unreadable: search.unreadable.sort(),
  };
}

/** Why a file that travels anyway would not have: what names it. */
export async function excludedBy(
  folder: ProjectFolder,
  path: string,
  { exclude }: Selection,
): Promise<"exclude" | "gitignore" | undefined> {
  const globs = compileGlobs(exclude);
  const above = foldersAbove(path);
  if ([...above.slice(1), path].some((part) => globs.matches(part))) {
    return "exclude";
  }
  const ignored = new IgnoreFiles(folder);
  for (const part of above) {
    if (part !== "" && ignored.ignores(`${part}/`)) {
      return "gitignore";
    }
    await ignored.enter(part);
  }
  return ignored.ignores(path) ? "gitignore" : undefined;
}

class Search {
  readonly paths: string[] = [];
  readonly links: string[] = [];
  readonly unreadable: string[] = [];
  readonly #folder: ProjectFolder;
  readonly #include: Globs;
  readonly #exclude: Globs;
  readonly #ignored: IgnoreFiles;
  /** Entries seen below each entry of the top. */
  readonly #seen = new Map<string, number>();
  #entries = 0;

  constructor(folder: ProjectFolder, { include, exclude }: Selection) {
    this.#folder = folder;
    this.#include = compileGlobs(include);
    this.#exclude = compileGlobs(exclude);
    this.#ignored = new IgnoreFiles(folder);
  }

  /** Looks through one folder; answers those in it that are to be looked through next. */
  async visit(folder: string): Promise<string[]> {
    let entries: readonly FolderEntry[];
    try {
      entries = await this.#folder.list(folder);
    } catch {
      this.unreadable.push(`${folder}/`);
      return [];
    }
    this.#count(folder, entries.length);
    await this.#ignored.enter(
      folder,
      entries.some(({ name, kind }) => name === ignoreFileName && kind === "file"),
    );
    return entries.flatMap(({ name, kind }) => this.#sort(posix.join(folder, name), kind));
  }

  #sort(path: string, kind: FolderEntry["kind"]): string[] {
    if (this.#exclude.matches(path)) {
      return [];
    }
    if (kind === "folder") {
      return this.#include.mayMatchBelow(path) && !this.#ignored.ignores(`${path}/`) ? [path] : [];
    }
    if (kind !== "other" && this.#include.matches(path) && !this.#ignored.ignores(path)) {
      (kind === "file" ? this.paths : this.links).push(path);
    }
    return [];
  }

  #count(folder: string, entries: number): void {
    const top = folder.split("/")[0] ?? "";
    this.#seen.set(top, (this.#seen.get(top) ?? 0) + entries);
    this.#entries += entries;
    if (this.#entries > entriesLimit) {
      const [most] = [...this.#seen].sort(([, one], [, other]) => other - one);
      const limit = entriesLimit.toLocaleString("en");
      const tooMany =
        most === undefined || most[0] === ""
          ? l10n.t("There are more than {0} files and folders to look through.", limit)
          : l10n.t(
              "There are more than {0} files and folders to look through, most of them in {1}/.",
              limit,
              most[0],
            );
      throw new ConfigurationError(
        "backendai.run.exclude",
        `${tooMany} ${l10n.t("Narrow “backendai.run.include”, or name large folders in “backendai.run.exclude”.")}`,
      );
    }
  }
}
