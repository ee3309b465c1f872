import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import type { Logger } from "../../base/logger.js";
import { OutputLog } from "./outputLog.js";
import type { RunRecord } from "./runRecord.js";

/** What is kept: so many runs, and so many bytes of their output; the oldest are forgotten first. */
const limits = { runs: 200, bytes: 2 * 1024 * 1024 * 1024 };

/** Files of a run whose record is missing for that long are left over from a crash; milliseconds. Until then it may be on its way. */
const orphanMs = 24 * 3600 * 1000;

/** Names of the files here: record, output, record on its way. */
const fileName = /^([\w-]{1,64})\.(?:json|log|json\.[\w-]+\.new)$/;

/** How a run ended. */
export interface RunEnd {
  readonly outcome: string;
  readonly exitCode: number | undefined;
}

/** A run that is being written down. */
export interface RunEntry {
  /** Adds output. */
  write(bytes: Uint8Array): Promise<void>;
  /** Notes where the run can be found again, in case nobody is left to close it. */
  started(jobId: string): Promise<void>;
  /** Closes it; a run that was left in its session has no end yet. */
  close(end: RunEnd | undefined, jobId: string | undefined): Promise<void>;
}

/**
 * Past runs in a folder: for each a record and its output, in files of their own, so that windows do not write over one
 * another's. A file that can't be read is as none.
 */
export class RunHistory {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #limits: typeof limits;
  readonly #didChange = new Emitter<void>();

  /** Fired when a run of this window was added, ended or removed. */
  readonly onDidChange = this.#didChange.event;

  constructor(folder: string, logger: Logger, bounds = limits) {
    this.#folder = folder;
    this.#logger = logger;
    this.#limits = bounds;
  }

  /** Begins a record; the oldest beyond the bounds are forgotten. One that has an end already, such as a job read again, keeps it. */
  async begin(record: RunRecord): Promise<RunEntry> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#prune();
    const log = await OutputLog.create(this.outputOf(record.id));
    let saved = { ...record, follower: process.pid };
    try {
      await this.#save(saved);
    } catch (error) {
      await log.close();
      throw error;
    }
    return {
      write: async (bytes) => log.write(bytes),
      started: async (jobId) => {
        saved = { ...saved, jobId };
        await this.#save(saved);
      },
      close: async (end, jobId = saved.jobId) => {
        await log.close();
        const endedAt = record.endedAt ?? new Date().toISOString();
        await this.#save({
          ...saved,
          jobId,
          follower: undefined,
          ...(end && { ...end, endedAt }),
          outputBytes: log.size,
          isOutputWhole: log.isWhole && end !== undefined,
        });
      },
    };
  }

  /** Notes how a run ended that nobody followed to its end. */
  async finish(record: RunRecord, end: RunEnd & { readonly endedAt: Date | undefined }): Promise<void> {
    const { outcome, exitCode, endedAt = new Date() } = end;
    await this.#save({ ...record, outcome, exitCode, endedAt: endedAt.toISOString() });
  }

  /** All that is kept, the newest first. */
  async list(): Promise<readonly RunRecord[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const records = await Promise.all(
      names.filter((name) => name.endsWith(".json")).map(async (name) => this.#read(name)),
    );
    return records
      .filter((record) => record !== undefined)
      .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  /** The file with a run's output. */
  outputOf(id: string): string {
    return path.join(this.#folder, `${id}.log`);
  }

  /** Forgets a run. */
  async remove(id: string): Promise<void> {
    await this.#forget(id);
    this.#didChange.fire();
  }

  async #forget(id: string): Promise<void> {
    await rm(path.join(this.#folder, `${id}.json`), { force: true });
    await rm(this.outputOf(id), { force: true });
  }

  async #save(record: RunRecord): Promise<void> {
    const file = path.join(this.#folder, `${record.id}.json`);
    const part = `${file}.${randomBytes(6).toString("hex")}.new`; // another window may save the same record now
    try {
      await writeFile(part, JSON.stringify(record), { mode: 0o600 });
      await rename(part, file); // other windows never read half of it
    } catch (error) {
      await rm(part, { force: true }); // of a full disk it would take the last bytes
      throw error;
    }
    this.#didChange.fire();
  }

  async #read(name: string): Promise<RunRecord | undefined> {
    try {
      const { RunRecord: record } = await import("./runRecord.js");
      return record.parse(JSON.parse(await readFile(path.join(this.#folder, name), "utf8")));
    } catch (error) {
      this.#logger.debug(`a record of a run can't be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #prune(): Promise<void> {
    let bytes = 0;
    let count = 1; // the one that comes
    const records = await this.list();
    for (const { id } of records) {
      bytes += await stat(this.outputOf(id)).then(
        ({ size }) => size,
        () => 0,
      );
      count += 1;
      if (count > this.#limits.runs || bytes > this.#limits.bytes) {
        await this.#forget(id);
      }
    }
    await this.#removeOrphans(new Set(records.map(({ id }) => id)));
  }

  /** What a crash left would never be found by a record, and so never be forgotten. */
  async #removeOrphans(known: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const id = fileName.exec(name)?.[1];
      if (id !== undefined && (!known.has(id) || name.endsWith(".new"))) {
        const file = path.join(this.#folder, name);
        const changedAt = await stat(file).then(
          ({ mtimeMs }) => mtimeMs,
          () => Number.POSITIVE_INFINITY,
        );
        if (changedAt < Date.now() - orphanMs) {
          await rm(file, { force: true });
        }
      }
    }
  }
}
