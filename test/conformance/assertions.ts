import assert from "node:assert/strict";
import { delay } from "../../src/base/abort.js";

type ErrorClass<E extends Error> = abstract new (...parameters: never[]) => E;

/** What `promise` rejects with, which must be an instance of `type`. */
export async function rejection<E extends Error>(promise: Promise<unknown>, type: ErrorClass<E>): Promise<E> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof type) {
      return error;
    }
    throw new assert.AssertionError({
      message: `rejected with ${String(error)} instead of ${type.name}`,
      actual: error,
      expected: type.name,
    });
  }
  throw new assert.AssertionError({
    message: `resolved instead of rejecting with ${type.name}`,
    actual: value,
    expected: type.name,
  });
}

/** All items of a stream. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

/** Time between two looks at a condition that nothing announces. */
const lookMs = 25;

/**
 * Looks until `check` answers something else than `undefined` or `false`. The signal is the deadline: it names what was
 * waited for.
 */
export async function eventually<T>(
  check: () => Promise<T | undefined | false> | T | undefined | false,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) {
      return found;
    }
    await delay(lookMs, signal);
  }
}
