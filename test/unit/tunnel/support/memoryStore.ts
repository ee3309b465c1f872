import type { KeyValueStore } from "../../../../src/base/keyValueStore.js";

/** A key-value store that ends with the test. */
export function memoryStore(): KeyValueStore {
  const values = new Map<string, unknown>();
  return {
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}
