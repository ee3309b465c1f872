import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import { homeDirectory } from "../../../api/files/remoteName.js";
import { abortable } from "../../../base/abort.js";
import type { FileEntry } from "../../../api/files/fileEntry.js";
import { inOrder } from "../../sftp/pieces.js";
import type { SessionPlace } from "../../sftp/sessionSftp.js";
import type { FileInfo, NamedFile, OperationOptions } from "../fileAccess.js";
import { FileAccessError, isFileFailure } from "../fileAccessError.js";
import { apiFailure } from "./apiErrors.js";

/** How long a listing answers further questions, in milliseconds: what asks for one file asks for its neighbours. */
const freshMs = 1000;

/** Directories that are remembered; the one asked for longest ago goes first. */
const mostDirectories = 100;

/** Links whose ends are looked for at a time; each takes a call. */
const linksAtOnce = 8;

/** A call that nobody waits for any more, in milliseconds. */
const listMs = 60_000;

interface Listing {
  readonly entries: Promise<ReadonlyMap<string, NamedFile>>;
  /** By the clock of `performance`; absent while it is under way. */
  until: number | undefined;
}

/** The directories of a session below its home, each listed once however many ask for what is in it. */
export class Directories {
  readonly #place: SessionPlace;
  readonly #listings = new Map<string, Listing>();

  constructor(place: SessionPlace) {
    this.#place = place;
  }

  /** What is at a path; `undefined` when there is nothing. */
  async find(path: string, { signal }: OperationOptions): Promise<FileInfo | undefined> {
    expectBelowHome(path);
    if (path === homeDirectory) {
      return { type: "directory", isLink: false, size: 0, mtimeMs: 0, mode: undefined, uid: undefined };
    }
    try {
      return (await this.entries(posix.dirname(path), { signal })).get(posix.basename(path));
    } catch (error) {
      if (isFileFailure(error, "notFound") || isFileFailure(error, "notADirectory")) {
        return undefined;
      }
      throw error;
    }
  }

  /** The entries of a directory, by name. */
  async entries(path: string, { signal }: OperationOptions): Promise<ReadonlyMap<string, NamedFile>> {
    expectBelowHome(path);
    const known = this.#listings.get(path);
    const isFresh = known !== undefined && (known.until === undefined || known.until > performance.now());
    return abortable((isFresh ? known : this.#list(path)).entries, signal);
  }

  /** Forgets what may have changed: a path, what is in it, and the directory that it is in. */
  forget(path: string): void {
    for (const known of [...this.#listings.keys()]) {
      if (known === path || known === posix.dirname(path) || known.startsWith(`${path}/`)) {
        this.#listings.delete(known);
      }
    }
  }

  #list(path: string): Listing {
    const listing: Listing = { entries: this.#load(path), until: undefined };
    this.#listings.delete(path);
    this.#listings.set(path, listing);
    listing.entries.then(
      () => {
        listing.until = performance.now() + freshMs;
      },
      () => {
        if (this.#listings.get(path) === listing) {
          this.#listings.delete(path);
        }
      },
    );
    const [oldest] = this.#listings.keys();
    if (this.#listings.size > mostDirectories && oldest !== undefined) {
      this.#listings.delete(oldest);
    }
    return listing;
  }

  /** Not given up with the first who asked: others may wait for it, too. */
  async #load(path: string): Promise<ReadonlyMap<string, NamedFile>> {
    const { client, sessionId } = this.#place;
    const signal = AbortSignal.timeout(listMs);
    try {
      const { entries } = await client.files.list(sessionId, relative(path), { signal });
      const links = entries.filter(({ type }) => type === "symlink").values();
      const ends = new Map<string, FileInfo["type"]>();
      const ask = (): Promise<readonly [string, FileInfo["type"]]> | undefined => {
        const { value: link, done } = links.next();
        return done === true
          ? undefined
          : this.#endOf(posix.join(path, link.name), signal).then((end) => [link.name, end] as const);
      };
      for await (const [name, end] of inOrder(linksAtOnce, ask)) {
        ends.set(name, end);
      }
      return new Map(entries.map((entry) => [entry.name, namedFile(entry, ends.get(entry.name))]));
    } catch (error) {
      throw apiFailure(error, path);
    }
  }

  /** Where a link leads, as far as listing it tells. */
  async #endOf(path: string, signal: AbortSignal): Promise<FileInfo["type"]> {
    const { client, sessionId } = this.#place;
    try {
      await client.files.list(sessionId, relative(path), { signal });
      return "directory";
    } catch (error) {
      return isFileFailure(apiFailure(error, path), "notADirectory") ? "file" : "unknown";
    }
  }
}

/** @throws {FileAccessError} (`unsupported`) for what the server's file calls can't reach. */
export function expectBelowHome(path: string): void {
  if (path !== homeDirectory && !path.startsWith(`${homeDirectory}/`)) {
    throw new FileAccessError(
      "unsupported",
      path,
      l10n.t("{0} can't be reached: without ssh, only what is in {1} can.", path, homeDirectory),
    );
  }
}

/** As the file calls name a path. */
export function relative(path: string): string {
  return posix.relative(homeDirectory, path) || ".";
}

function namedFile(
  { name, type, size, mtimeMs, mode }: FileEntry,
  end: FileInfo["type"] | undefined,
): NamedFile {
  const isLink = type === "symlink";
  return {
    name,
    type: type === "symlink" ? (end ?? "unknown") : type,
    isLink,
    size,
    mtimeMs,
    mode: isLink ? undefined : modeOf(mode),
    uid: undefined,
  };
}

/** Permission bits of a mode as `ls -l` shows it. */
function modeOf(text: string): number | undefined {
  if (!/^.[r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-]$/.test(text)) {
    return undefined;
  }
  const bits = Array.from(text.slice(1)).reduce((sum, letter) => sum * 2 + (/[-ST]/.test(letter) ? 0 : 1), 0);
  const special = [/[sS]/.test(text[3] ?? ""), /[sS]/.test(text[6] ?? ""), /[tT]/.test(text[9] ?? "")];
  return special.reduce((sum, isSet, index) => sum + (isSet ? 0o4000 >> index : 0), bits);
}
