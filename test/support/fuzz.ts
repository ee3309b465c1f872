import fc from "fast-check";

/**
 * Checks a property by values that differ with each run, for about a second or two. `FUZZ_SEED` repeats the run of a seed, which a
 * failure prints with the smallest value that fails; `FUZZ_RUNS` asks for more.
 */
export async function fuzzed<T>(
  property: fc.IRawProperty<T>,
  { numRuns = 300 }: { readonly numRuns?: number } = {},
): Promise<void> {
  const { FUZZ_SEED: seed, FUZZ_RUNS: runs } = process.env;
  await fc.assert(property, {
    numRuns: runs === undefined ? numRuns : Number(runs),
    ...(seed !== undefined && { seed: Number(seed) }),
    interruptAfterTimeLimit: 8000, // a busy computer tries fewer values instead of failing
    markInterruptAsFailure: false,
  });
}

/** Sizes of the pieces that something is cut into. */
export const pieceSizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 });

/** Text or bytes in pieces of these sizes, then the rest. */
export function cut<T extends { readonly length: number; slice(from: number, to?: number): T }>(
  whole: T,
  sizes: readonly number[],
): T[] {
  const pieces: T[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(whole.slice(at, at + size));
    at += size;
  }
  return [...pieces, whole.slice(at)];
}
