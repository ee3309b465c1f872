import picomatch from "picomatch";

/** Hidden files are files, and a `!` has no meaning at the beginning: there is another setting for it. */
const options = { dot: true, nonegate: true, windows: false } as const;

/** Which paths a setting's globs mean. A path is relative to the workspace folder, with `/`. */
export interface Globs {
  matches(path: string): boolean;
  /** Whether anything below a folder may match. */
  mayMatchBelow(folder: string): boolean;
}

/** The meaning of globs; one that names a folder means all that is in it. */
export function compileGlobs(patterns: readonly string[]): Globs {
  const plain = patterns.map((pattern) => pattern.replace(/^\.?\/+/, "").replace(/\/+$/, ""));
  const used = plain.filter((pattern) => pattern !== "");
  const matches = picomatch(
    used.flatMap((pattern) => [pattern, `${pattern}/**`]),
    options,
  );
  const bases = used.map((pattern) => picomatch.scan(pattern, options).base);
  return {
    matches: (path) => used.length > 0 && matches(path),
    mayMatchBelow: (folder) => bases.some((base) => isWithin(folder, base) || isWithin(base, folder)),
  };
}

function isWithin(folder: string, path: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}
