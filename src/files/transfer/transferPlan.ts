import * as l10n from "@vscode/l10n";
import type { NamedFile, OperationOptions } from "../access/fileAccess.js";
import { FileAccessError } from "../access/fileAccessError.js";
import { nameBeside } from "../fileNames.js";
import { inLanes } from "../upload/lanes.js";
import type { TransferEnd } from "./transferEnd.js";

/** Entries of one transfer: what is planned is in memory. */
const mostEntries = 200_000;

/** Folders that are listed side by side. */
const listsAtOnce = 8;

const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** A file that is to be carried over. */
export interface PlannedFile {
  readonly from: string;
  readonly to: string;
  /** Its path below the folder that everything goes to, with `/`, as people know it. */
  readonly name: string;
  readonly size: number;
  readonly isExecutable: boolean;
  /** Whether it replaces a file that is there. */
  readonly replaces: boolean;
}

/** Something that is not carried over on purpose, with the reason in a few words. */
export interface Skipped {
  readonly name: string;
  readonly why: string;
}

/** Something that could not be carried over. */
export interface TransferFailure {
  readonly name: string;
  readonly error: unknown;
  /** What can be tried again; absent where that would not help. */
  readonly file?: PlannedFile | undefined;
}

/** What a transfer will do. */
export interface TransferPlan {
  /** The folder that everything goes to. */
  readonly folder: string;
  /** Folders that are to be made, each after the one it is in. */
  readonly folders: readonly string[];
  readonly files: readonly PlannedFile[];
  readonly skipped: readonly Skipped[];
  readonly failures: readonly TransferFailure[];
}

/** What to do with a file whose name is taken. */
export type ConflictChoice = "replace" | "skip" | "keepBoth";

/** A file whose name is taken. */
export interface Conflict {
  readonly name: string;
  readonly incoming: NamedFile;
  readonly existing: NamedFile;
}

/** What planning works with. */
export interface PlanParts {
  readonly source: TransferEnd;
  readonly target: TransferEnd;
  /** Asked once, with all files whose names are taken; the answers are in the same order. */
  readonly choose: (conflicts: readonly Conflict[]) => Promise<readonly ConflictChoice[]>;
}

interface Level {
  readonly from: string;
  readonly to: string;
  /** Below the folder that everything goes to; "" for it. */
  readonly name: string;
  /** Whether there is something at `to`. */
  readonly exists: boolean;
  readonly entries?: readonly { readonly path: string; readonly file: NamedFile }[];
}

interface Contested extends Conflict {
  readonly from: string;
  readonly folder: string;
  readonly taken: Set<string>;
}

/**
 * Looks at what is to be carried over (files and folders of the source, into a folder of the target) and at what is there, and asks
 * about names that are taken. Nothing is changed.
 */
export async function planTransfer(
  parts: PlanParts,
  { paths, folder }: { readonly paths: readonly string[]; readonly folder: string },
  options: OperationOptions,
): Promise<TransferPlan> {
  const planner = new Planner(parts, folder, options);
  const picked = await planner.pick(paths);
  let level: readonly Level[] = [{ from: "", to: folder, name: "", exists: true, entries: picked }];
  while (level.length > 0) {
    const next: Level[] = [];
    await inLanes(level, listsAtOnce, async (one) => {
      options.signal.throwIfAborted();
      next.push(...(await planner.add(one)));
    });
    level = next;
  }
  return planner.finish();
}

class Planner {
  readonly #parts: PlanParts;
  readonly #options: OperationOptions;
  readonly #folder: string;
  readonly #folders: string[] = [];
  readonly #files: PlannedFile[] = [];
  readonly #skipped: Skipped[] = [];
  readonly #failures: TransferFailure[] = [];
  readonly #contested: Contested[] = [];
  #count = 0;

  constructor(parts: PlanParts, folder: string, options: OperationOptions) {
    this.#parts = parts;
    this.#folder = folder;
    this.#options = options;
  }

  async pick(paths: readonly string[]): Promise<{ readonly path: string; readonly file: NamedFile }[]> {
    const picked: { readonly path: string; readonly file: NamedFile }[] = [];
    for (const path of paths) {
      const file = await this.#parts.source.look(path, this.#options);
      if (file === undefined) {
        const error = new FileAccessError("notFound", path, l10n.t("{0} is not there.", path));
        this.#failures.push({ name: path, error });
      } else {
        picked.push({ path, file });
      }
    }
    return picked;
  }

  /** Plans the entries of one folder; gives the folders in it. */
  async add(level: Level): Promise<readonly Level[]> {
    const { source, target } = this.#parts;
    try {
      const entries =
        level.entries ??
        (await source.list(level.from, this.#options)).map((file) => ({
          path: source.join(level.from, file.name),
          file,
        }));
      const there = level.exists ? await target.list(level.to, this.#options) : [];
      if (!level.exists) {
        this.#folders.push(level.to);
      }
      const existing = new Map(there.map((file) => [target.keyOf(file.name), file]));
      const taken = new Set(existing.keys());
      return entries.flatMap(({ path, file }) => this.#entry({ level, path, file, existing, taken }) ?? []);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      this.#failures.push({ name: level.name === "" ? level.to : level.name, error });
      return [];
    }
  }

  async finish(): Promise<TransferPlan> {
    this.#contested.sort((one, other) => natural.compare(one.name, other.name));
    const choices = this.#contested.length > 0 ? await this.#parts.choose(this.#contested) : [];
    for (const [index, conflict] of this.#contested.entries()) {
      this.#settle(conflict, choices[index] ?? "skip");
    }
    return {
      folder: this.#folder,
      folders: this.#folders,
      files: this.#files,
      skipped: this.#skipped,
      failures: this.#failures,
    };
  }

  #entry({ level, path, file, existing, taken }: Entry): Level | undefined {
    const { target } = this.#parts;
    const name = level.name === "" ? file.name : `${level.name}/${file.name}`;
    const why = reasonToSkip(file);
    if (why !== undefined) {
      this.#skipped.push({ name, why });
      return undefined;
    }
    this.#count += 1;
    if (this.#count > mostEntries) {
      throw new FileAccessError(
        "tooLarge",
        path,
        l10n.t("More than {0} files are too many for one transfer.", mostEntries),
      );
    }
    try {
      const to = target.join(level.to, file.name);
      const key = target.keyOf(file.name);
      const other = existing.get(key);
      if (taken.has(key) && other === undefined) {
        throw new FileAccessError(
          "exists",
          path,
          l10n.t("Another name of this transfer differs from it in case alone."),
        );
      }
      taken.add(key);
      if (file.type === "directory") {
        return this.#subfolder({ from: path, to, name, exists: other !== undefined }, other);
      }
      if (other === undefined) {
        this.#plan(file, { from: path, to, name, replaces: false });
      } else {
        this.#contested.push({ name, incoming: file, existing: other, from: path, folder: level.to, taken });
      }
    } catch (error) {
      this.#failures.push({ name, error });
    }
    return undefined;
  }

  #subfolder(level: Level, other: NamedFile | undefined): Level {
    if (other !== undefined && other.type !== "directory") {
      throw new FileAccessError(
        "notADirectory",
        level.to,
        l10n.t("{0} is there, and it is no folder.", level.to),
      );
    }
    return level;
  }

  #settle({ name, incoming, existing, from, folder, taken }: Contested, choice: ConflictChoice): void {
    const { target } = this.#parts;
    if (choice === "skip") {
      this.#skipped.push({ name, why: l10n.t("its name is taken") });
      return;
    }
    if (choice === "replace" && existing.type === "directory") {
      const error = new FileAccessError(
        "isADirectory",
        name,
        l10n.t("{0} is a folder there, which no file replaces.", name),
      );
      this.#failures.push({ name, error });
      return;
    }
    const isTaken = (candidate: string): boolean => taken.has(target.keyOf(candidate));
    const own = choice === "replace" ? existing.name : nameBeside(incoming.name, isTaken);
    taken.add(target.keyOf(own));
    const shown = [...name.split("/").slice(0, -1), own].join("/");
    this.#plan(incoming, { from, to: target.join(folder, own), name: shown, replaces: choice === "replace" });
  }

  #plan(file: NamedFile, place: Pick<PlannedFile, "from" | "to" | "name" | "replaces">): void {
    const isExecutable = ((file.mode ?? 0) & 0o100) !== 0;
    this.#files.push({ ...place, size: file.size, isExecutable });
  }
}

interface Entry {
  readonly level: Level;
  readonly path: string;
  readonly file: NamedFile;
  readonly existing: ReadonlyMap<string, NamedFile>;
  readonly taken: Set<string>;
}

/** Links are not followed: what they lead to may be anywhere. */
function reasonToSkip({ isLink, type }: NamedFile): string | undefined {
  if (isLink) {
    return l10n.t("a link");
  }
  return type === "other" || type === "unknown" ? l10n.t("a device or a pipe") : undefined;
}
