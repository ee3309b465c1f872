import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/** How long processes may take to end by themselves. */
const stopDeadlineMs = 5_000;

/** Resolves with the exit code or signal of a child that was just spawned. */
export function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("exit", (code, signal) => {
      resolve(code ?? signal ?? "unknown");
    });
  });
}

/**
 * Ends a child that was spawned `detached`, with everything in its process group, and waits until all are gone: a
 * profile can be removed only when nothing writes to it any more. Ends by force what does not listen.
 */
export async function endProcessGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) {
    return;
  }
  const deadline = Date.now() + stopDeadlineMs;
  let alive = signalGroup(child.pid, "SIGTERM");
  while (alive && Date.now() < deadline) {
    await delay(50);
    alive = signalGroup(child.pid, 0);
  }
  signalGroup(child.pid, "SIGKILL");
}

/** Whether there was still somebody to signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
