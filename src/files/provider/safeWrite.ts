import * as l10n from "@vscode/l10n";
import type { Logger } from "../../base/logger.js";
import { messageOf } from "../../base/errors.js";
import type { FileInfo, WriteOptions } from "../access/fileAccess.js";
import { FileAccessError, isFileFailure } from "../access/fileAccessError.js";
import type { FilePlace } from "../filePlace.js";
import { type EditorBases, hashOf } from "./editorBases.js";
import { isSameStamp } from "./fileStamps.js";
import { previousLimitBytes, type PreviousContents } from "./previousContents.js";
import { keyOf, type SessionView } from "./sessionViews.js";
import { contentOf, readWhole } from "./wholeFile.js";

/** What safe writes work with. */
export interface SafeWriteParts {
  readonly bases: EditorBases;
  readonly previous: PreviousContents;
  readonly logger: Logger;
}

/** A write. */
export interface SafeWrite {
  readonly place: FilePlace;
  readonly bytes: Uint8Array;
  /** As VS Code says them. */
  readonly create: boolean;
  readonly overwrite: boolean;
  /** Whether it comes from an editor, whose person has not seen what others wrote since. */
  readonly isEdited: boolean;
  readonly signal: AbortSignal;
}

/**
 * Writes over files only what they were known to be. VS Code's own check misses changes that leave a file's size as it was, so
 * the content itself is compared with what the editor's text grew from; and what is replaced is kept.
 */
export class SafeWriter {
  readonly #parts: SafeWriteParts;
  /** The contents, by hash or stamp, that a person has agreed to overwrite. */
  readonly #agreed = new Map<string, string>();

  constructor(parts: SafeWriteParts) {
    this.#parts = parts;
  }

  /**
   * @throws {FileAccessError} `changed` when somebody else has changed the file; see {@link agree}.
   * @returns What is there afterwards.
   */
  async write(
    view: SessionView,
    { place, bytes, create, overwrite, isEdited, signal }: SafeWrite,
  ): Promise<FileInfo> {
    const found = await this.#found(view, place.path, signal);
    if (found?.info.type === "file" && overwrite) {
      if (isEdited) {
        this.#check(view, place, found);
      }
      await this.#keep(place, found.content, bytes);
    }
    const options: WriteOptions = {
      create,
      overwrite: found !== undefined && overwrite,
      expected: found?.info,
      signal,
    };
    const info = await view.access.write(place.path, contentOf(bytes), options);
    this.#parts.bases.saved(keyOf(place), { ...info, hash: hashOf(bytes) });
    this.#agreed.delete(keyOf(place));
    return info;
  }

  /** A person agrees that what the session has of a file now is overwritten by the next save. */
  async agree(view: SessionView, place: FilePlace, signal: AbortSignal): Promise<void> {
    const found = await this.#found(view, place.path, signal);
    if (found !== undefined) {
      this.#agreed.set(keyOf(place), markOf(found));
    }
  }

  /** Keeps what is at a path before something else takes its place. */
  async keepBefore(view: SessionView, place: FilePlace, signal: AbortSignal): Promise<void> {
    const found = await this.#found(view, place.path, signal);
    if (found?.info.isLink === false) {
      await this.#keep(place, found.content, undefined);
    }
  }

  async #found(view: SessionView, path: string, signal: AbortSignal): Promise<Found | undefined> {
    let info: FileInfo;
    try {
      info = await view.access.stat(path, { signal });
    } catch (error) {
      if (isFileFailure(error, "notFound")) {
        return undefined;
      }
      throw error;
    }
    if (info.type !== "file" || info.size > previousLimitBytes) {
      return { info, content: undefined };
    }
    try {
      return {
        info,
        content: await readWhole(view.access, path, { limitBytes: previousLimitBytes, signal }),
      };
    } catch (error) {
      if (isFileFailure(error, "permissionDenied") || isFileFailure(error, "tooLarge")) {
        return { info, content: undefined }; // what can't be read may still be written
      }
      throw error;
    }
  }

  #check(view: SessionView, place: FilePlace, found: Found): void {
    const base = this.#parts.bases.get(keyOf(place));
    if (base === undefined) {
      return;
    }
    const { info, content } = found;
    const isSame = content === undefined ? isSameStamp(info, base) : hashOf(content) === base.hash;
    // Of another size VS Code knows by itself, and saves over it only when the person has told it to.
    const told = view.stamps.last(place.path);
    const isKnown = told !== undefined && told.size !== base.size && told.size === info.size;
    if (!isSame && !isKnown && this.#agreed.get(keyOf(place)) !== markOf(found)) {
      throw new FileAccessError(
        "changed",
        place.path,
        l10n.t(
          "{0} was changed in the session since it was opened here. Nothing was saved: compare the two, or overwrite the session's.",
          place.path,
        ),
      );
    }
  }

  async #keep(
    place: FilePlace,
    content: Uint8Array | undefined,
    next: Uint8Array | undefined,
  ): Promise<void> {
    if (content === undefined || (next !== undefined && Buffer.compare(content, next) === 0)) {
      return;
    }
    try {
      await this.#parts.previous.keep(place, content);
    } catch (error) {
      // A full disk here is no reason to refuse what a person has written.
      this.#parts.logger.warn(`the previous content of ${place.path} was not kept: ${messageOf(error)}`);
    }
  }
}

interface Found {
  readonly info: FileInfo;
  /** Absent where it is too large to be kept, or can't be read. */
  readonly content: Uint8Array | undefined;
}

function markOf({ info, content }: Found): string {
  return content === undefined ? `${String(info.size)}@${String(info.mtimeMs)}` : hashOf(content);
}
