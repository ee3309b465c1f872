import { readFile } from "node:fs/promises";
import { delay } from "../../../base/abort.js";
import { membersOf, type ProcessRow, processTable } from "./processTable.js";

/** A total since the start of the session, and how fast it grows. */
export interface Gauge {
  readonly total: number;
  readonly perSecond: number;
}

/** What the processes of a session use together. */
export interface ProcessUsage {
  /** Milliseconds. */
  readonly cpu: Gauge;
  /** Resident memory; what processes share is counted for each. */
  readonly memoryBytes: number;
  /** Bytes; `undefined` where the system does not tell. */
  readonly read: Gauge | undefined;
  readonly written: Gauge | undefined;
}

/** Two measurements have to be so far apart to tell a rate, and may not be so old; milliseconds. */
const shortestMs = 250;
const longestMs = 60_000;

interface Sample {
  readonly at: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
}

/**
 * Measures the processes of one session when it is asked to, and only then. What a process used that has ended counts on, as
 * far as it was seen or its parent waited for it.
 */
export class ProcessMeter {
  readonly #groups: () => ReadonlySet<number>;
  /** What totals lost when processes ended, so that they never fall. */
  readonly #lost = { cpuMs: 0, readBytes: 0, writtenBytes: 0 };
  #before: Sample | undefined;
  #running: Promise<ProcessUsage> | undefined;

  /** @param groups The session's process groups as they are now. */
  constructor(groups: () => ReadonlySet<number>) {
    this.#groups = groups;
  }

  /** The first time it takes a quarter of a second, which a rate needs. */
  async measure(): Promise<ProcessUsage> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #measure(): Promise<ProcessUsage> {
    const known = this.#before;
    const age = known === undefined ? Number.POSITIVE_INFINITY : Date.now() - known.at;
    const before = known === undefined || age > longestMs ? await this.#sample() : known;
    if (Date.now() - before.at < shortestMs) {
      await delay(shortestMs - (Date.now() - before.at));
    }
    const now = await this.#sample();
    const seconds = Math.max(1, now.at - before.at) / 1000;
    const gauge = (total: number, earlier: number): Gauge => ({
      total,
      perSecond: Math.max(0, (total - earlier) / seconds),
    });
    return {
      cpu: gauge(now.cpuMs, before.cpuMs),
      memoryBytes: now.memoryBytes,
      read: now.readBytes === undefined ? undefined : gauge(now.readBytes, before.readBytes ?? now.readBytes),
      written:
        now.writtenBytes === undefined
          ? undefined
          : gauge(now.writtenBytes, before.writtenBytes ?? now.writtenBytes),
    };
  }

  async #sample(): Promise<Sample> {
    const members = membersOf(this.#groups(), await processTable());
    const details = await Promise.all(members.map(detailsOf));
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const raw = {
      cpuMs: sum(members.map(({ cpuMs }) => cpuMs)),
      readBytes: sum(details.map(({ readBytes }) => readBytes ?? 0)),
      writtenBytes: sum(details.map(({ writtenBytes }) => writtenBytes ?? 0)),
    };
    const tellsDisk = process.platform === "linux";
    const sample = {
      at: Date.now(),
      cpuMs: this.#grown("cpuMs", raw.cpuMs),
      memoryBytes: sum(details.map(({ memoryBytes }) => memoryBytes)),
      readBytes: tellsDisk ? this.#grown("readBytes", raw.readBytes) : undefined,
      writtenBytes: tellsDisk ? this.#grown("writtenBytes", raw.writtenBytes) : undefined,
    };
    this.#before = sample;
    return sample;
  }

  #grown(name: "cpuMs" | "readBytes" | "writtenBytes", raw: number): number {
    const before = this.#before?.[name] ?? 0;
    const total = raw + this.#lost[name];
    if (total < before) {
      this.#lost[name] += before - total;
    }
    return Math.max(total, before);
  }
}

interface ProcessDetails {
  readonly memoryBytes: number;
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
}

async function detailsOf({ pid, memoryBytes }: ProcessRow): Promise<ProcessDetails> {
  if (memoryBytes !== undefined) {
    return { memoryBytes, readBytes: undefined, writtenBytes: undefined };
  }
  const file = async (name: string): Promise<string> =>
    readFile(`/proc/${String(pid)}/${name}`, "latin1").catch(() => ""); // it ended, or the system keeps it to itself
  const [status, io] = await Promise.all([file("status"), file("io")]);
  return {
    memoryBytes: (numberAfter(/^VmRSS:\s+(\d+) kB$/m, status) ?? 0) * 1024,
    readBytes: numberAfter(/^read_bytes: (\d+)$/m, io),
    writtenBytes: numberAfter(/^write_bytes: (\d+)$/m, io),
  };
}

function numberAfter(pattern: RegExp, text: string): number | undefined {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
