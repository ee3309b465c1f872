import * as l10n from "@vscode/l10n";
import type { OperationOptions } from "../access/fileAccess.js";
import { FileAccessError } from "../access/fileAccessError.js";
import { inLanes } from "../upload/lanes.js";
import { againAfterLoss } from "./retries.js";
import { type ManyOptions, type SmallFile, smallBytes, type TransferEnd } from "./transferEnd.js";
import type { PlannedFile, Skipped, TransferFailure, TransferPlan } from "./transferPlan.js";

/** Files that travel side by side, each with requests of its own. */
const lanes = 4;

/** Folders that are made side by side. */
const foldersAtOnce = 8;

/** Fewer small files than these are not worth an archive. */
const fewFiles = 8;

/** How far a transfer is. */
export interface TransferProgress {
  readonly files: number;
  readonly allFiles: number;
  readonly bytes: number;
  readonly allBytes: number;
}

/** How a transfer came out. */
export interface TransferOutcome {
  /** Files that are there now. */
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly Skipped[];
  readonly failures: readonly TransferFailure[];
}

/** How a transfer is run. */
export interface RunOptions extends OperationOptions {
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/** The two ends of a transfer. */
export interface TransferEnds {
  readonly source: TransferEnd;
  readonly target: TransferEnd;
}

/** Does what a plan says. A file that fails does not keep others back; an abort leaves what is done, and nothing half. */
export async function runTransfer(
  ends: TransferEnds,
  plan: TransferPlan,
  options: RunOptions,
): Promise<TransferOutcome> {
  const run = new TransferRun(ends, plan, options);
  await run.makeFolders();
  await run.carryMany();
  await run.carryEach();
  return run.outcome;
}

/** What is left of a plan after it was run: only what failed and may be tried again. */
export function planOfFailures(plan: TransferPlan, { failures }: TransferOutcome): TransferPlan {
  const files = failures.flatMap(({ file }) => file ?? []);
  return { folder: plan.folder, folders: plan.folders, files, skipped: [], failures: [] };
}

class TransferRun {
  readonly #ends: TransferEnds;
  readonly #plan: TransferPlan;
  readonly #options: RunOptions;
  readonly #left: Set<PlannedFile>;
  /** Files that were written here, or went together with others: what is at their place may be their own. */
  readonly #tried = new Set<PlannedFile>();
  readonly #failures: TransferFailure[];
  readonly #allBytes: number;
  #doneFiles = 0;
  #doneBytes = 0;
  #bytes = 0;

  constructor(ends: TransferEnds, plan: TransferPlan, options: RunOptions) {
    this.#ends = ends;
    this.#plan = plan;
    this.#options = options;
    this.#left = new Set(plan.files);
    this.#failures = [...plan.failures];
    this.#allBytes = plan.files.reduce((total, { size }) => total + size, 0);
  }

  get outcome(): TransferOutcome {
    const { skipped } = this.#plan;
    return { files: this.#doneFiles, bytes: this.#doneBytes, skipped, failures: this.#failures };
  }

  /** Level by level, as each is in one that was made before. */
  async makeFolders(): Promise<void> {
    const { signal } = this.#options;
    const levels = new Map<number, string[]>();
    for (const folder of this.#plan.folders) {
      const depth = folder.split(/[\\/]/).length;
      const level = levels.get(depth) ?? [];
      level.push(folder);
      levels.set(depth, level);
    }
    for (const [, folders] of [...levels].sort(([one], [other]) => one - other)) {
      await inLanes(folders, foldersAtOnce, async (folder) => {
        signal.throwIfAborted();
        try {
          await againAfterLoss(async () => this.#ends.target.makeFolder(folder, { signal }), signal);
        } catch (error) {
          signal.throwIfAborted();
          this.#failures.push({ name: folder, error });
        }
      });
    }
  }

  /** Small files go together where an end has a way for that; those that did not get through are left for {@link carryEach}. */
  async carryMany(): Promise<void> {
    const small = [...this.#left].filter(({ size }) => size <= smallBytes);
    const { source, target } = this.#ends;
    if (small.length < fewFiles) {
      return;
    }
    const options: ManyOptions = { signal: this.#options.signal, onBytes: (bytes) => this.#count(bytes) };
    if (target.sendMany !== undefined) {
      const open = async (file: SmallFile): Promise<Uint8Array> => this.#whole(file);
      small.forEach((file) => this.#tried.add(file));
      const byFile = new Map(small.map((file) => [this.#below(file, file.to, this.#plan.folder), file]));
      for (const sent of await target.sendMany(this.#plan.folder, [...byFile.keys()], open, options)) {
        this.#finish(byFile.get(sent));
      }
    } else if (source.fetchMany !== undefined) {
      const folder = commonFolder(small.map(({ from }) => from));
      const byFile = new Map(small.map((file) => [this.#below(file, file.from, folder), file]));
      const take = async (file: SmallFile, bytes: Uint8Array): Promise<void> =>
        this.#put(byFile.get(file), bytes);
      await source.fetchMany(folder, [...byFile.keys()], take, options);
    }
  }

  async carryEach(): Promise<void> {
    const { signal } = this.#options;
    await inLanes([...this.#left], lanes, async (file) => {
      signal.throwIfAborted();
      let counted = 0;
      const onProgress = (bytes: number): void => {
        this.#count(bytes - counted);
        counted = bytes;
      };
      try {
        await againAfterLoss(async () => this.#carry(file, onProgress), signal);
        this.#count(file.size - counted);
        this.#finish(file);
      } catch (error) {
        signal.throwIfAborted();
        this.#count(-counted);
        this.#failures.push({ name: file.name, error, file });
      }
    });
  }

  /** A file that changes meanwhile would arrive as a mixture: it is read again once. */
  async #carry(file: PlannedFile, onProgress: (bytes: number) => void): Promise<void> {
    const { source, target } = this.#ends;
    const { signal } = this.#options;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const before = await source.look(file.from, { signal });
      if (before?.type !== "file" || before.isLink) {
        throw new FileAccessError("notFound", file.from, l10n.t("{0} is no file any more.", file.from));
      }
      const content = {
        size: before.size,
        open: (start: number) => source.read(file.from, start, { signal }),
      };
      await target.write(file.to, content, {
        signal,
        onProgress,
        overwrite: file.replaces || this.#tried.has(file),
        isExecutable: file.isExecutable,
      });
      this.#tried.add(file); // also for the next try, when the last look is lost
      const after = await source.look(file.from, { signal });
      if (after?.size === before.size && after.mtimeMs === before.mtimeMs) {
        return;
      }
    }
    throw new FileAccessError("changed", file.from, l10n.t("{0} changes while it is read.", file.from));
  }

  async #whole({ from, size }: SmallFile): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of this.#ends.source.read(from, 0, { signal: this.#options.signal })) {
      pieces.push(piece);
      length += piece.byteLength;
      if (length > Math.max(smallBytes, size)) {
        throw new FileAccessError("tooLarge", from, l10n.t("{0} has grown meanwhile.", from));
      }
    }
    return Buffer.concat(pieces);
  }

  async #put(file: PlannedFile | undefined, bytes: Uint8Array): Promise<void> {
    if (file === undefined) {
      return;
    }
    const { signal } = this.#options;
    const content = { size: bytes.byteLength, open: (start: number) => once(bytes.subarray(start)) };
    const { replaces: overwrite, isExecutable } = file;
    try {
      await this.#ends.target.write(file.to, content, { signal, overwrite, isExecutable });
      this.#finish(file);
    } catch (error) {
      signal.throwIfAborted();
      this.#left.delete(file);
      this.#failures.push({ name: file.name, error, file });
    }
  }

  #below(file: PlannedFile, path: string, folder: string): SmallFile {
    const { from, size, isExecutable } = file;
    const name = path.slice(folder.endsWith("/") ? folder.length : folder.length + 1);
    return { from, size, isExecutable, name };
  }

  #finish(file: PlannedFile | undefined): void {
    if (file !== undefined && this.#left.delete(file)) {
      this.#doneFiles += 1;
      this.#doneBytes += file.size;
      this.#count(0);
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#options.onProgress?.({
      files: this.#doneFiles,
      allFiles: this.#plan.files.length,
      bytes: this.#bytes,
      allBytes: this.#allBytes,
    });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** The lowest folder that all of these are in; of a session, so with `/`. */
function commonFolder(paths: readonly string[]): string {
  const [first = "/", ...others] = paths;
  let common = first.split("/").slice(0, -1);
  for (const path of others) {
    const parts = path.split("/");
    const differs = common.findIndex((part, index) => parts[index] !== part);
    common = differs === -1 ? common : common.slice(0, differs);
  }
  return common.length <= 1 ? "/" : common.join("/");
}
