import { posix } from "node:path";
import picomatch from "picomatch";
import type { FilePlace } from "../../filePlace.js";
import { isBelow } from "../directoryCache.js";
import type { SessionView } from "../sessionViews.js";

/** What VS Code wants to hear of. */
export interface Watch {
  readonly place: FilePlace;
  /** Whether of all below it as well. */
  readonly isRecursive: boolean;
  /** Globs of what nobody wants to hear of, relative to the place or absolute. */
  readonly excludes: readonly string[];
}

/** Folders that are looked at in one round; those used last come first. */
const folderLimit = 100;

/** Folders with more entries are looked at only for one of their files, by itself. */
const entryLimit = 2000;

/** What is looked at in one round. */
export interface WatchTargets {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/**
 * What to look at in a session for those who watch: of what is watched, only folders that VS Code has read, since of others it
 * shows nothing; and the folders of files, which are listed once for all of their files.
 */
export function watchTargets(view: SessionView, watches: readonly Watch[]): WatchTargets {
  const folders = new Set<string>();
  const files = new Set<string>();
  const known = [...view.cache.folders].reverse();
  for (const { place, isRecursive, excludes } of watches) {
    const isExcluded = matcher(place.path, excludes);
    const wanted = known.filter(
      (path) => path === place.path || (isRecursive && isBelow(path, place.path) && !isExcluded(path)),
    );
    for (const path of wanted) {
      if ((view.cache.sizeOf(path) ?? 0) <= entryLimit) {
        folders.add(path);
      }
    }
    if (!isRecursive && wanted.length === 0) {
      const folder = posix.dirname(place.path);
      const isLarge = (view.cache.sizeOf(folder) ?? 0) > entryLimit;
      (isLarge ? files : folders).add(isLarge ? place.path : folder);
    }
  }
  return { folders: [...folders].slice(0, folderLimit), files: [...files].slice(0, folderLimit) };
}

function matcher(root: string, excludes: readonly string[]): (path: string) => boolean {
  if (excludes.length === 0) {
    return () => false;
  }
  const isMatch = picomatch([...excludes], { dot: true });
  return (path) => {
    const relative = posix.relative(root, path);
    // `**/node_modules/*/**` means all in such a folder, which is why it is not looked into.
    return [relative, `${relative}/x`, path].some((name) => isMatch(name));
  };
}
