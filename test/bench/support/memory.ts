import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { delay } from "../../../src/base/abort.js";

/** Most memory above that at the beginning, in mebibytes. */
export interface MemoryGrowth {
  /** What is in use: JavaScript's heap and buffers outside of it. */
  readonly heap: number;
  /** What the system has given to the process. */
  readonly rss: number;
}

/** Watches the memory of this process from now on, after it was tidied up. */
export async function watchMemory(): Promise<{ end(): MemoryGrowth }> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 3; round += 1) {
    collect();
    await delay(100); // buffers are let go of behind it
  }
  const before = now();
  const most = { ...before };
  const look = (): void => {
    const { heap, rss } = now();
    most.heap = Math.max(most.heap, heap);
    most.rss = Math.max(most.rss, rss);
  };
  const timer = setInterval(look, 20);
  return {
    end: () => {
      clearInterval(timer);
      look();
      return { heap: most.heap - before.heap, rss: most.rss - before.rss };
    },
  };
}

function now(): { heap: number; rss: number } {
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 2 ** 20, rss: rss / 2 ** 20 };
}
