/** Where values outlive the window: VS Code's `Memento`. Another version of the extension may have written them. */
export interface KeyValueStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}
