import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type { Stats } from "ssh2";
import { FileAccessError } from "../access/fileAccessError.js";
import type { RemoteFiles } from "./remoteFiles.js";

/** Links that lead to each other are followed as far as systems follow them. */
const mostLinks = 40;

/** Where a path leads in the end. */
export interface FinalTarget {
  /** No link. */
  readonly path: string;
  /** `undefined` where nothing is there. */
  readonly stats: Stats | undefined;
}

/**
 * Follows links at the end of a path, one by one: what a link leads to may not be there yet.
 * @throws {FileAccessError} `invalid` for links that lead in a circle.
 * @throws as `RemoteFiles` does.
 */
export async function finalTarget(files: RemoteFiles, path: string): Promise<FinalTarget> {
  let current = path;
  for (let links = 0; links < mostLinks; links += 1) {
    const stats = await files.look(current);
    if (stats?.isSymbolicLink() !== true) {
      return { path: current, stats };
    }
    current = posix.resolve(posix.dirname(current), await files.linkTarget(current));
  }
  throw new FileAccessError("invalid", path, l10n.t("{0} is a link that leads in a circle.", path));
}
