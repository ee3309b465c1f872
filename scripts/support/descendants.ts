import { readdir, readFile } from "node:fs/promises";
import { sendSignal } from "../../test/host/server/processGroup.js";

/** A process: its number may be given to another one later, so its start counts as well. */
interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** What a process has started, and those have, as far as they run; nothing where the system does not tell. */
export async function descendantsOf(pid: number | undefined): Promise<ProcessIdentity[]> {
  const all = await everyProcess();
  const found: ProcessIdentity[] = [];
  let parents = new Set(pid === undefined ? [] : [pid]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** Kills those of them that still run. */
export async function killAll(wanted: readonly ProcessIdentity[]): Promise<void> {
  const running = await everyProcess();
  for (const { pid, startedAt } of wanted) {
    if (running.some((one) => one.pid === pid && one.startedAt === startedAt)) {
      sendSignal(pid, "SIGKILL");
    }
  }
}

async function everyProcess(): Promise<(ProcessIdentity & { readonly parent: number })[]> {
  const numbers = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const read = numbers.map(async (number) => {
    const text = await readFile(`/proc/${number}/stat`, "utf8").catch(() => ""); // it has ended
    // The name in parentheses may hold spaces; the fields after it begin with the state and the parent.
    const fields = text.replace(/^.*\) /s, "").split(" ");
    return text === ""
      ? []
      : [{ pid: Number(number), parent: Number(fields[1]), startedAt: fields[19] ?? "" }];
  });
  return (await Promise.all(read)).flat();
}
