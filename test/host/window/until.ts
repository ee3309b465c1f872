import { setTimeout as delay } from "node:timers/promises";

/** How long anything in a window may take before a journey gives up. */
export const patienceMs = 20_000;

const pollMs = 50;

/**
 * Repeats `probe` until it returns something other than `undefined` or `false`, and returns that. Past the deadline it
 * throws, with what `describe` says about the state by then.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  { deadlineMs = patienceMs, describe }: { deadlineMs?: number; describe?: () => Promise<string> } = {},
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) {
      return value;
    }
    if (Date.now() > deadline) {
      const state = describe === undefined ? "" : `; there is:\n${await describe()}`;
      throw new Error(`Waited ${String(deadlineMs / 1000)} s for ${what}${state}`);
    }
    await delay(pollMs);
  }
}
