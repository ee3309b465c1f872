import { readFile } from "node:fs/promises";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import picomatch from "picomatch";
import type { PathChoice } from "./mirrorSide.js";

/** Never mirrored: halves of files that are being written, and what belongs to one computer alone. */
const never: readonly string[] = ["**/.git", "**/*.part", "**/.DS_Store"];

/** Which files of a mirror count. Globs as VS Code writes them. */
export interface MirrorGlobs {
  /** Empty: all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly usesGitignore: boolean;
}

/** The choice of a mirror; the `.gitignore` at the top of the local folder counts for both sides. */
export async function pathChoice(
  root: string,
  { include, exclude, usesGitignore }: MirrorGlobs,
): Promise<PathChoice> {
  const rules = usesGitignore ? await gitignoreOf(root) : undefined;
  const isExcluded = matcherOf([...never, ...exclude]);
  const isIncluded = include.length === 0 ? undefined : matcherOf(include);
  return (relative, isFolder) =>
    !isExcluded(relative) &&
    (isFolder || isIncluded === undefined || isIncluded(relative)) &&
    rules?.ignores(isFolder ? `${relative}/` : relative) !== true;
}

function matcherOf(globs: readonly string[]): (relative: string) => boolean {
  const patterns = globs.flatMap((glob) => {
    const trimmed = glob.replace(/^\.?\//, "").replace(/\/$/, "");
    const anywhere = trimmed.includes("/") ? trimmed : `**/${trimmed}`;
    return [anywhere, `${anywhere}/**`];
  });
  return picomatch(patterns, { dot: true });
}

async function gitignoreOf(root: string): Promise<Ignore | undefined> {
  try {
    return ignore().add(await readFile(path.join(root, ".gitignore"), "utf8"));
  } catch {
    return undefined; // there is none
  }
}
