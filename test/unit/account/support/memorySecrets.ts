import { Emitter } from "../../../../src/base/event.js";
import type { SecretStore } from "../../../../src/base/secretStore.js";

/** Secrets that end with the test; like VS Code's, it tells of each change. */
export function memorySecrets(): SecretStore {
  const values = new Map<string, string>();
  const didChange = new Emitter<{ readonly key: string }>();
  return {
    get: (key) => Promise.resolve(values.get(key)),
    store: (key, value) => {
      values.set(key, value);
      didChange.fire({ key });
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      didChange.fire({ key });
      return Promise.resolve();
    },
    onDidChange: didChange.event,
  };
}
