import type { Disposable } from "./lifecycle.js";

/** Where secrets outlive the window: VS Code's `SecretStorage`, which all windows share. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  /** Fired in every window, with the key. */
  readonly onDidChange: (listener: (event: { readonly key: string }) => void) => Disposable;
}
