import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { queryObjects } from "node:v8";
import { WebSocket } from "ws";
import { delay } from "../../src/base/abort.js";
import { Emitter } from "../../src/base/event.js";
import { DisposableStore } from "../../src/base/lifecycle.js";
import { FileRun } from "../../src/run/fileRun.js";
import { RoutedAccess } from "../../src/files/access/ways/routedAccess.js";
import { SessionTerminal } from "../../src/terminal/sessionTerminal.js";
import { SessionSsh } from "../../src/tunnel/sessionSsh.js";
import { SourceLadder } from "../../src/completion/source/sourceLadder.js";
import type { SoakPlace } from "./soakPlace.js";

/** What this process and the engine's hold at a moment at which nothing is under way. */
export interface Sample {
  /** Seconds since the soak began, and rounds done by then. */
  readonly seconds: number;
  readonly rounds: number;
  /** After a collection; bytes. */
  readonly memory: Readonly<Record<"heap" | "rss" | "engineHeap", number>>;
  /** Counts by name: what must not grow by one. Absent where the system does not tell. */
  readonly counts: Readonly<Record<string, number>>;
  /** Live objects by class; absent at most looks, as each takes its time. */
  readonly objects: Readonly<Record<string, number>>;
}

/** Classes whose live objects are counted, those of subclasses included. */
const counted: Readonly<Record<string, { readonly prototype: object }>> = {
  Emitter,
  DisposableStore,
  AbortSignal,
  WebSocket,
  SessionSsh,
  SessionTerminal,
  SourceLadder,
  RoutedAccess,
  FileRun,
};

/** Looks at both processes. `--expose-gc` has to be there. */
export async function takeSample(
  { engine, engineHeap }: SoakPlace,
  { hasObjects, ...at }: Pick<Sample, "seconds" | "rounds"> & { readonly hasObjects: boolean },
): Promise<Sample> {
  if (globalThis.gc === undefined) {
    throw new Error("A soak needs a Node that was started with --expose-gc.");
  }
  globalThis.gc();
  globalThis.gc(); // what finalizers of the first one let go of
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    ...at,
    memory: { heap: heapUsed + external, rss, engineHeap: await engineHeap.used() },
    counts: {
      handles: process.getActiveResourcesInfo().length,
      files: filesOf("self"),
      "engine's files": filesOf(engine.pid),
      listeners: listeners(),
    },
    objects: hasObjects ? await liveObjects() : {},
  };
}

/** Each class stops the process for a second or so; in between, connections are heard, which would count as dead. */
async function liveObjects(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, type] of Object.entries(counted)) {
    counts[name] = liveOf(type);
    await delay(20);
  }
  return counts;
}

function liveOf(type: { readonly prototype: object }): number {
  return queryObjects(type as typeof WebSocket, { format: "count" });
}

/** Open descriptors of a process; 0 where there is no /proc. */
function filesOf(pid: number | "self"): number {
  return process.platform === "linux" ? readdirSync(`/proc/${pid}/fd`).length : 0;
}

/** Listeners of the process itself: they outlive whoever forgets to take them away. */
function listeners(): number {
  return process
    .eventNames()
    .map((name) => getEventListeners(process, String(name)).length)
    .reduce((sum, count) => sum + count, 0);
}
