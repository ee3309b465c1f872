import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/**
 * How a group is ended, step by step, and how long each step may take. The leader is asked alone at first: VS Code then
 * lets its extensions deactivate, which ends what they have started outside the group.
 */
const steps = [
  { signal: "SIGTERM", to: "leader", patienceMs: 3_000 },
  { signal: "SIGTERM", to: "group", patienceMs: 2_000 },
  { signal: "SIGKILL", to: "group", patienceMs: 1_000 },
] as const;

const pollMs = 50;

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
 * profile can be removed only when nothing writes to it any more. `leaderMs` gives the leader another patience.
 */
export async function endProcessGroup(child: ChildProcess, leaderMs?: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) {
    return; // it never started
  }
  for (const { signal, to, patienceMs } of steps) {
    sendSignal(to === "group" ? -pid : pid, signal);
    const deadline = Date.now() + (to === "leader" ? (leaderMs ?? patienceMs) : patienceMs);
    while (Date.now() < deadline) {
      if (!sendSignal(-pid, 0)) {
        return;
      }
      await delay(pollMs);
    }
  }
}

/** Sends a signal to a process, or to a group by its negative number; tells whether anybody was there. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
