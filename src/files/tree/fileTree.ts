import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type { Account } from "../../account/account.js";
import type { SessionSummary } from "../../api/index.js";
import { isAbort } from "../../base/abort.js";
import { NetworkError } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import type {
  BranchDrop,
  BranchRow,
  SessionBranch,
  SessionBranchItem,
} from "../../sessions/sessionBranches.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { phaseOf } from "../../wire/status.js";
import type { FileAccess, NamedFile } from "../access/fileAccess.js";
import { sessionHome } from "../filePlace.js";
import type { FileSessions } from "../fileSessions.js";
import { inOrder } from "./fileOrder.js";
import { type FileItem, fileRow, isFileItem, moreRow, rootRow, rowIdOf } from "./fileRow.js";

/** Entries of a folder that are shown at first, and that each click on “more” adds: VS Code draws rows one by one. */
export const pageRows = 2000;

/** How old a listing may be when its folder is unfolded, in milliseconds. */
const freshMs = 1500;

/** Folders whose listings are kept; beyond, those that were read first are read again when they are drawn. */
const keptListings = 500;

/** What the tree of files works with. */
export interface FileTreeParts {
  readonly account: Account;
  readonly store: SessionStore;
  readonly files: FileSessions;
}

interface Listing {
  /** When it was asked for, by the clock of `performance`. */
  readonly at: number;
  readonly entries: Promise<readonly NamedFile[]>;
}

/**
 * The files of running sessions as rows: a folder is read when it is unfolded, kept while the view is drawn anew for other reasons, and
 * read again by {@link refresh} and when it is unfolded again. Who makes it disposes it.
 */
export class FileTree implements SessionBranch, Disposable {
  readonly #parts: FileTreeParts;
  readonly #ending = new AbortController();
  readonly #didChange = new Emitter<void>();
  readonly #didChangeChildren = new Emitter<string>();
  readonly #listings = new Map<string, Listing>();
  readonly #limits = new Map<string, number>();
  readonly #onDrop: (target: FileItem, dropped: BranchDrop) => Promise<void>;

  readonly onDidChange = this.#didChange.event;
  readonly onDidChangeChildren = this.#didChangeChildren.event;

  constructor(parts: FileTreeParts, onDrop: (target: FileItem, dropped: BranchDrop) => Promise<void>) {
    this.#parts = parts;
    this.#onDrop = onDrop;
  }

  rows(session: SessionSummary): readonly BranchRow[] {
    return phaseOf(session.status) === "running"
      ? [rootRow(session.id, session.name, this.#parts.files.placeIn(session, sessionHome))]
      : [];
  }

  async children(item: SessionBranchItem): Promise<readonly BranchRow[]> {
    const session = this.#parts.store.find(item.sessionId);
    if (!isFileItem(item) || session === undefined) {
      return [];
    }
    const { id, path } = item.row;
    const sorted = inOrder(await this.#entries(item.sessionId, path));
    const limit = this.#limits.get(id) ?? pageRows;
    const rows: BranchRow[] = sorted.slice(0, limit).map((file) => {
      const inside = posix.join(path, file.name);
      return fileRow(session.id, inside, file, this.#parts.files.placeIn(session, inside));
    });
    const left = sorted.length - rows.length;
    return left > 0 ? [...rows, moreRow(session.id, path, { left, page: pageRows })] : rows;
  }

  unfolded(item: SessionBranchItem): void {
    const listing = isFileItem(item) ? this.#listings.get(item.row.id) : undefined;
    if (listing !== undefined && performance.now() - listing.at > freshMs) {
      this.#read(item.row.id);
    }
  }

  async drop(target: SessionBranchItem, dropped: BranchDrop): Promise<void> {
    if (isFileItem(target)) {
      await this.#onDrop(target, dropped);
    }
  }

  /** Reads a folder again if it is on show; `below` also reads those that are in it. */
  refresh(sessionId: string, folder: string, { below = false } = {}): void {
    const id = rowIdOf(sessionId, folder);
    const inside = folder === "/" ? id : `${id}/`;
    for (const known of below ? [...this.#listings.keys()] : []) {
      if (known.startsWith(inside)) {
        this.#listings.delete(known);
      }
    }
    this.#read(id);
  }

  /** Shows one page more of the folder that a “more” row is in. */
  showMore(folder: FileItem): void {
    const { id } = folder.row;
    this.#limits.set(id, (this.#limits.get(id) ?? pageRows) + pageRows);
    this.#didChangeChildren.fire(id);
  }

  /** The way to the files of a session of the connected server. */
  async accessOf(sessionId: string): Promise<FileAccess> {
    const client = this.#parts.account.connection.current;
    if (client === undefined) {
      throw new NetworkError(l10n.t("There is no connection to the server."), undefined);
    }
    return this.#parts.files.accessOf(client, sessionId);
  }

  dispose(): void {
    this.#ending.abort();
    this.#didChange.dispose();
    this.#didChangeChildren.dispose();
    this.#listings.clear();
  }

  #read(id: string): void {
    this.#listings.delete(id);
    this.#didChangeChildren.fire(id);
  }

  async #entries(sessionId: string, path: string): Promise<readonly NamedFile[]> {
    const id = rowIdOf(sessionId, path);
    const known = this.#listings.get(id);
    if (known !== undefined) {
      return known.entries;
    }
    const { signal } = this.#ending;
    const entries = this.accessOf(sessionId).then(async (access) => access.list(path, { signal }));
    const listing: Listing = { at: performance.now(), entries };
    this.#listings.set(id, listing);
    const [oldest] = this.#listings.size > keptListings ? this.#listings.keys() : [];
    this.#listings.delete(oldest ?? "");
    try {
      return await entries;
    } catch (error) {
      if (this.#listings.get(id) === listing) {
        this.#listings.delete(id); // the next look tries again
      }
      if (isAbort(error)) {
        return [];
      }
      throw error;
    }
  }
}
