import * as l10n from "@vscode/l10n";
import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError } from "../../base/errors.js";

/** A file of this computer on its way into a folder. */
export interface LocalFile {
  readonly localPath: string;
  /** Relative to the directory that is uploaded into. */
  readonly path: string;
  readonly size: number;
}

/** What is to be uploaded. */
export interface LocalTree {
  readonly files: readonly LocalFile[];
  /** Directories without files, which would be lost otherwise. */
  readonly emptyDirectories: readonly string[];
  /** Links and devices, which are not followed. */
  readonly leftOut: readonly string[];
}

/** Most files of one upload: beyond them somebody has chosen the wrong folder. */
const filesLimit = 50_000;

/**
 * The files at and below some local paths, by the names that they are to have.
 * @throws {ConfigurationError} for more files than anybody means to upload.
 */
export async function localTree(paths: readonly string[], signal: AbortSignal): Promise<LocalTree> {
  const tree: { files: LocalFile[]; emptyDirectories: string[]; leftOut: string[] } = {
    files: [],
    emptyDirectories: [],
    leftOut: [],
  };
  const walk = async (localPath: string, name: string, isChosen: boolean): Promise<void> => {
    signal.throwIfAborted();
    const stats = await (isChosen ? stat(localPath) : lstat(localPath));
    if (stats.isFile()) {
      tree.files.push({ localPath, path: name, size: stats.size });
      if (tree.files.length > filesLimit) {
        const limit = filesLimit.toLocaleString("en");
        throw new ConfigurationError(
          "files",
          l10n.t("There are more than {0} files. Choose a smaller folder.", limit),
        );
      }
    } else if (stats.isDirectory()) {
      const entries = await readdir(localPath);
      if (entries.length === 0) {
        tree.emptyDirectories.push(name);
      }
      for (const entry of entries.toSorted()) {
        await walk(path.join(localPath, entry), `${name}/${entry}`, false);
      }
    } else {
      tree.leftOut.push(name);
    }
  };
  for (const chosen of paths) {
    await walk(chosen, path.basename(chosen), true);
  }
  return tree;
}
