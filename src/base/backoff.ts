/** Bounds of the waits between attempts, in milliseconds. */
export interface BackoffBounds {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait before attempt `attempt` (0 is the first repetition): twice as long each time, up to a bound, ±10 % so that
 * many who lost the same server do not come back at once.
 * @param random A number from 0 to 1.
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: BackoffBounds, random: number): number {
  const plain = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(plain * (0.9 + random * 0.2));
}
