import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** A process of this computer. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** The group that its terminal session began with; 0 where that is not known. */
  readonly session: number;
  /** Of itself and of its children that have ended; milliseconds. */
  readonly cpuMs: number;
  /** Resident memory in bytes, where the table has it. */
  readonly memoryBytes: number | undefined;
}

/** Linux counts a hundredth of a second in what it shows to programs, whatever its own clock does. */
const tickMs = 10;
/** One look at all processes serves everybody who asks within that time; milliseconds. */
const freshMs = 250;
const psTimeoutMs = 3000;

let last: { readonly at: number; readonly rows: Promise<readonly ProcessRow[]> } | undefined;

/** The processes of this computer, as they were a moment ago; none where they can't be seen. */
export async function processTable(): Promise<readonly ProcessRow[]> {
  if (last === undefined || Date.now() - last.at > freshMs) {
    last = { at: Date.now(), rows: read().catch(() => []) };
  }
  return last.rows;
}

/** The rows that belong to process groups: their members, who shares their terminal session, and children of those. */
export function membersOf(groups: ReadonlySet<number>, rows: readonly ProcessRow[]): readonly ProcessRow[] {
  const children = new Map<number, ProcessRow[]>();
  for (const row of rows) {
    children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
  }
  const members = new Map<number, ProcessRow>();
  const waiting = rows.filter((row) => groups.has(row.group) || groups.has(row.session));
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (!members.has(row.pid)) {
      members.set(row.pid, row);
      waiting.push(...(children.get(row.pid) ?? []));
    }
  }
  return [...members.values()];
}

async function read(): Promise<readonly ProcessRow[]> {
  return process.platform === "linux" ? readProc() : readPs();
}

async function readProc(): Promise<readonly ProcessRow[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => ""); // it ended meanwhile
      return parseStat(text) ?? [];
    }),
  );
  return rows.flat();
}

/** A line of `/proc/<pid>/stat`; the name in it may have spaces and brackets of its own. */
export function parseStat(text: string): ProcessRow | undefined {
  const nameEnd = text.lastIndexOf(")");
  const fields = text.slice(nameEnd + 2).split(" ");
  const [parent, group, session] = fields.slice(1, 4).map(Number);
  const ticks = fields.slice(11, 15).map(Number);
  const pid = Number.parseInt(text, 10);
  if (
    nameEnd < 0 ||
    parent === undefined ||
    group === undefined ||
    session === undefined ||
    ticks.length < 4
  ) {
    return undefined;
  }
  const cpuMs = ticks.reduce((sum, value) => sum + value, 0) * tickMs;
  return { pid, parent, group, session, cpuMs, memoryBytes: undefined };
}

async function readPs(): Promise<readonly ProcessRow[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,ppid=,pgid=,rss=,time="], {
    timeout: psTimeoutMs,
    maxBuffer: 4 * 1024 * 1024,
  });
  return stdout.split("\n").flatMap((line) => parsePsLine(line) ?? []);
}

/** A line of `ps`, whose times are `0:01.23`, `12:34` or `1-02:03:04`. */
export function parsePsLine(line: string): ProcessRow | undefined {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line);
  if (match === null) {
    return undefined;
  }
  const [, pid, parent, group, rss, days = "0", clock = "0"] = match;
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: 0,
    cpuMs: Math.round((Number(days) * 86_400 + seconds) * 1000),
    memoryBytes: Number(rss) * 1024,
  };
}
