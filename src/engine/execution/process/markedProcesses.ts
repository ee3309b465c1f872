import { readdir, readFile } from "node:fs/promises";
import { markerVariable } from "./processEnvironment.js";

/**
 * Kills every process whose environment carries the session's marker, among them those that left their process group. Linux
 * only: elsewhere another process's environment can't be read, and a daemon that left its group stays.
 */
export async function killMarked(marker: string): Promise<void> {
  if (process.platform !== "linux") {
    return;
  }
  const entry = `${markerVariable}=${marker}`;
  const entries = await readdir("/proc").catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name)).map(Number);
  await Promise.all(pids.map((pid) => killIfMarked(pid, entry)));
}

async function killIfMarked(pid: number, entry: string): Promise<void> {
  try {
    const environ = await readFile(`/proc/${String(pid)}/environ`, "latin1");
    if (pid !== process.pid && environ.split("\0").includes(entry)) {
      process.kill(pid, "SIGKILL");
    }
  } catch {
    // It ended meanwhile, or it is not ours.
  }
}
