import assert from "node:assert/strict";

/** Several processes of tests share the computer with clusters and VS Code: programs start slowly then. */
const patienceMs = 25_000;
const pollMs = 10;

/** Asks `probe` again and again until it has something; fails with what it was waiting for. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const value = await probe();
    if (value !== undefined && value !== false) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  assert.fail(`waited ${String(patienceMs / 1000)} s for ${what}`);
}
