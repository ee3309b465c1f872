import type { Sample } from "./sample.js";

/** Growth of one figure over a soak, after its warm-up. */
export interface Growth {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly isMet: boolean;
}

/** What a soak showed. */
export interface Verdict {
  readonly memory: readonly Growth[];
  /** Handles, descriptors, listeners, and live objects. */
  readonly counts: readonly Growth[];
  readonly isMet: boolean;
}

/** Part of a soak in which caches fill, code is compiled, and pools take their size. */
const warmUp = 0.2;

/** Most that memory may grow, as a part of what it was. */
const mostGrowth = 0.05;

/**
 * Descriptors more that are no growth: connections to the engine that pools keep for a while, more of them the busier it was. Of an
 * hour's hundreds of rounds, a single lost descriptor in a hundred is more.
 */
const pooled = 3;

/**
 * Compares the last fifth of a soak with the first one after the warm-up: medians of memory, which one big answer does not move, and
 * least counts, which what comes and goes does not move, but whatever is never let go of does.
 */
export function judge(samples: readonly Sample[]): Verdict {
  const settled = samples.slice(Math.floor(samples.length * warmUp));
  const memory = (["heap", "rss", "engineHeap"] as const).map((name) =>
    growth(
      name,
      ends(settled, (sample) => sample.memory[name]).map(median),
      (first) => first * (1 + mostGrowth),
    ),
  );
  const counts = (["counts", "objects"] as const).flatMap((kind) =>
    namesOf(settled, kind).map((name) =>
      growth(name, ends(settled, (sample) => sample[kind][name]).map(least), (first) =>
        name.endsWith("files") ? first + pooled : first,
      ),
    ),
  );
  return { memory, counts, isMet: [...memory, ...counts].every(({ isMet }) => isMet) };
}

/** The first and the last fifth of the values that there are. */
function ends(
  samples: readonly Sample[],
  valueOf: (sample: Sample) => number | undefined,
): readonly (readonly number[])[] {
  const values = samples.map(valueOf).filter((value) => value !== undefined);
  const size = Math.max(1, Math.floor(values.length / 5));
  return [values.slice(0, size), values.slice(-size)];
}

function namesOf(samples: readonly Sample[], kind: "counts" | "objects"): readonly string[] {
  return [...new Set(samples.flatMap((sample) => Object.keys(sample[kind])))];
}

function growth(
  name: string,
  [first = 0, last = 0]: readonly number[],
  most: (first: number) => number,
): Growth {
  return { name, first, last, isMet: last <= most(first) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}
