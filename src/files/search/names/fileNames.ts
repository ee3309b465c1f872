import { runEngine } from "../inside/engineRun.js";
import type { EngineName } from "../inside/engineScript.js";
import { PieceReader } from "../inside/pieces.js";
import type { StartProgram } from "../inside/searchProgram.js";
import { FileFilter } from "../query/fileFilter.js";
import type { FileChoice } from "../query/searchQuery.js";

/** Names after which a listing ends. */
const namesLimit = 200_000;

/** Bytes of one path; the kernel allows no more. */
const pathLimitBytes = 4096;

/** How long a listing is as good as new, in milliseconds. */
const freshMs = 30_000;

/** What is listed. Links, devices and names that are no UTF-8 are left out. */
export interface ListOptions {
  readonly signal: AbortSignal;
  /** For tests. */
  readonly engines?: readonly EngineName[] | undefined;
}

/**
 * The files of a folder and all below it, relative to it, in portions while they are found, unsorted.
 * @returns Whether there are more than can be listed.
 * @throws as `searchFiles` does.
 */
export async function* listFileNames(
  start: StartProgram,
  choice: FileChoice,
  { signal, engines }: ListOptions,
): AsyncGenerator<readonly string[], boolean, undefined> {
  const filter = new FileFilter(choice);
  const pieces = new PieceReader([0], pathLimitBytes);
  let count = 0;
  for await (const { bytes } of runEngine(
    start,
    { folder: choice.folder, hints: filter.hints, engines },
    signal,
  )) {
    const names: string[] = [];
    for (const { bytes: path, isCut } of pieces.push(bytes)) {
      const name = path.toString("utf8");
      const relative = name.startsWith("./") ? name.slice(2) : name;
      if (!isCut && filter.accepts(relative) && Buffer.from(name, "utf8").equals(path)) {
        names.push(relative);
      }
    }
    count += names.length;
    yield names;
    if (count >= namesLimit) {
      return true;
    }
  }
  return false;
}

/** A listing that comes in, or is there. */
export interface FileListing {
  /** What is there so far. */
  readonly names: readonly string[];
  readonly state: "coming" | "whole" | "limited" | "failed";
  readonly error?: unknown;
}

interface Kept {
  listing: FileListing;
  readonly at: number;
  readonly ending: AbortController;
  readonly watchers: Set<(listing: FileListing) => void>;
}

/** Listings of folders, each kept for half a minute; the least recent goes. Ends its listings when disposed. */
export class FileNames {
  readonly #kept = new Map<string, Kept>();
  readonly #limit: number;

  constructor(limit = 4) {
    this.#limit = limit;
  }

  /**
   * Tells of a folder's files at once, and again as they come in, until the signal aborts.
   * @param key Names session, folder and choice.
   */
  watch(
    key: string,
    list: (signal: AbortSignal) => AsyncGenerator<readonly string[], boolean, undefined>,
    { signal, tell }: { readonly signal: AbortSignal; readonly tell: (listing: FileListing) => void },
  ): void {
    const old = this.#kept.get(key);
    const isFresh = old && old.listing.state !== "failed" && performance.now() - old.at < freshMs;
    const kept = isFresh ? old : this.#begin(key, list);
    kept.watchers.add(tell);
    signal.addEventListener(
      "abort",
      () => {
        kept.watchers.delete(tell);
        if (kept.watchers.size === 0 && kept.listing.state === "coming") {
          this.#drop(key, kept);
        }
      },
      { once: true },
    );
    tell(kept.listing);
  }

  dispose(): void {
    for (const [key, kept] of this.#kept) {
      this.#drop(key, kept);
    }
  }

  #begin(
    key: string,
    list: (signal: AbortSignal) => AsyncGenerator<readonly string[], boolean, undefined>,
  ): Kept {
    for (const [other, kept] of this.#kept) {
      if (other === key || this.#kept.size >= this.#limit) {
        this.#drop(other, kept);
      }
    }
    const kept: Kept = {
      listing: { names: [], state: "coming" },
      at: performance.now(),
      ending: new AbortController(),
      watchers: new Set(),
    };
    this.#kept.set(key, kept);
    void this.#fill(kept, list(kept.ending.signal));
    return kept;
  }

  async #fill(kept: Kept, portions: AsyncGenerator<readonly string[], boolean, undefined>): Promise<void> {
    const names: string[] = [];
    const tell = (listing: FileListing): void => {
      kept.listing = listing;
      for (const watcher of kept.watchers) {
        watcher(listing);
      }
    };
    try {
      for (;;) {
        const { done, value } = await portions.next();
        if (done === true) {
          tell({ names, state: value ? "limited" : "whole" });
          return;
        }
        for (const name of value) {
          names.push(name);
        }
        tell({ names, state: "coming" });
      }
    } catch (error) {
      tell({ names, state: "failed", error });
    }
  }

  #drop(key: string, kept: Kept): void {
    if (this.#kept.get(key) === kept) {
      this.#kept.delete(key);
    }
    kept.ending.abort();
  }
}
