import path from "node:path";
import { belowHome } from "../../base/fileReferences.js";

/** A file that a run sent. */
export interface SentFile {
  /** Relative to `/home/work`, with `/`. */
  readonly remotePath: string;
  /** The document it came from: a file, or one that was never saved. */
  readonly uri: string;
}

/** Folders below a home that packages are installed in, not a person's own code. */
const installed = /(?:^|\/)(?:\.[^/]+|node_modules|site-packages)\//;

/** Which documents of this window the places in a session stand for, in a run. */
export class PathMap {
  readonly #uris = new Map<string, string>();
  readonly #paths = new Map<string, string>();
  /** Bare names, for programs that print no more; `undefined` where two files bear one. */
  readonly #names = new Map<string, string | undefined>();
  readonly #root: string | undefined;

  /**
   * @param sent What the run sent.
   * @param root URI of the workspace folder whose files have the same places below `/home/work`, if it ran in one.
   */
  constructor(sent: readonly SentFile[], root?: string) {
    this.#root = root?.replace(/\/$/, "");
    for (const { remotePath, uri } of sent) {
      const normal = path.posix.normalize(remotePath);
      const name = path.posix.basename(normal);
      this.#uris.set(normal, uri);
      this.#paths.set(uri, normal);
      this.#names.set(name, this.#names.has(name) ? undefined : uri);
    }
  }

  /**
   * The document that a place stands for: `/home/work/a/b.py`, `~/a/b.py`, `./a/b.py`, `a/b.py`, or just `b.py` where one
   * sent file has that name. Whether the folder has a file that was not sent is not known.
   */
  localUri(place: string): string | undefined {
    const relative = relativeTo(place);
    return relative === undefined
      ? undefined
      : (this.#uris.get(relative) ?? this.#names.get(relative) ?? this.#belowRoot(relative));
  }

  /** Whether it is certain that the place stands for a document: the run sent it. */
  isSent(place: string): boolean {
    const relative = relativeTo(place);
    return relative !== undefined && (this.#uris.has(relative) || this.#names.get(relative) !== undefined);
  }

  /** The place of a document in the session, relative to `/home/work`. */
  remotePath(uri: string): string | undefined {
    const sent = this.#paths.get(uri);
    if (sent !== undefined || this.#root === undefined || !uri.startsWith(`${this.#root}/`)) {
      return sent;
    }
    try {
      return decodeURIComponent(uri.slice(this.#root.length + 1));
    } catch {
      return undefined;
    }
  }

  #belowRoot(relative: string): string | undefined {
    return this.#root === undefined || installed.test(relative)
      ? undefined
      : `${this.#root}/${relative.split("/").map(encodeURIComponent).join("/")}`;
  }
}

/** A place relative to the home; `undefined` for one outside it, or for none at all. */
function relativeTo(place: string): string | undefined {
  const relative = belowHome(place);
  const normal = relative === undefined ? "." : path.posix.normalize(relative);
  return normal === "." || normal.endsWith("/") ? undefined : normal;
}
