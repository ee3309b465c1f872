import picomatch from "picomatch";
import type { FileChoice } from "./searchQuery.js";

/** What a program in the session may leave out by itself. The filter has the last word. */
export interface FileHints {
  /** Names of files and folders. */
  readonly skippedNames: readonly string[];
  /** Ends of file names, of which every file has one; empty: any. */
  readonly suffixes: readonly string[];
}

const plainName = /^(?:\*\*\/(\.?[\w-][\w.-]*)(?:\/(?:\*\*)?)?|(\.?[\w-][\w.-]*)\/?)$/;
const plainSuffix = /^(?:\*\*\/)?\*(\.[\w.-]+)$/;

/** Chooses among files by globs as VS Code reads them: `*.py`, `src`, `src/**`, and so on. */
export class FileFilter {
  readonly hints: FileHints;
  readonly #isIncluded: (path: string) => boolean;
  readonly #isExcluded: (path: string) => boolean;

  constructor({ include, exclude }: Pick<FileChoice, "include" | "exclude">) {
    const suffixes = include.map((glob) => plainSuffix.exec(glob)?.[1]);
    this.hints = {
      skippedNames: exclude.flatMap((glob) => {
        const [, anywhere, name] = plainName.exec(glob) ?? [];
        return anywhere ?? name ?? [];
      }),
      suffixes: suffixes.every((suffix) => suffix !== undefined) ? suffixes : [],
    };
    this.#isIncluded = matcherOf(include, true);
    this.#isExcluded = matcherOf(exclude, false);
  }

  /** @param path Relative to the folder, without `./`. */
  accepts(path: string): boolean {
    return this.#isIncluded(path) && !this.#isExcluded(path);
  }
}

function matcherOf(globs: readonly string[], otherwise: boolean): (path: string) => boolean {
  if (globs.length === 0) {
    return () => otherwise;
  }
  const patterns = globs.flatMap(patternsOf);
  return picomatch(patterns, { dot: true });
}

function patternsOf(glob: string): readonly string[] {
  const trimmed = glob.replace(/^\.?\//, "").replace(/\/$/, "");
  const anywhere = trimmed.includes("/") ? trimmed : `**/${trimmed}`;
  return plainSuffix.test(glob) || anywhere.endsWith("/**") ? [anywhere] : [anywhere, `${anywhere}/**`];
}

/** A list of globs as people type it, separated by commas; commas in braces belong to their glob. */
export function globsOf(text: string): readonly string[] {
  return (text.match(/(?:[^,{]|\{[^}]*\}|\{)+/g) ?? [])
    .map((glob) => glob.trim())
    .filter((glob) => glob !== "");
}
