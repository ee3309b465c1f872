import { type Disposable, toDisposable } from "../../base/lifecycle.js";

/**
 * A provider that VS Code knows from the start, and whose code is read when VS Code first asks it. Whoever registers with VS Code
 * asks for {@link loaded}; the room that has the code calls {@link provide}.
 */
export class LateProvider<Provider extends object> {
  readonly #read: () => Promise<void>;
  readonly #onDidProvide = new Set<(provider: Provider) => void>();
  #provider: Provider | undefined;

  /** @param read Reads the rooms, unless they are there. */
  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** Called by the room, once. What it returns takes the provider away again. */
  provide(provider: Provider): Disposable {
    this.#provider = provider;
    for (const listener of this.#onDidProvide) {
      listener(provider);
    }
    return toDisposable(() => {
      if (this.#provider === provider) {
        this.#provider = undefined;
      }
    });
  }

  /** Calls `listener` when there is a provider, which may be never. */
  onDidProvide(listener: (provider: Provider) => void): void {
    this.#onDidProvide.add(listener);
  }

  /**
   * The provider, which is read first where it must be.
   * @throws {Error} when its room did not come, or is gone because the window closes.
   */
  async loaded(): Promise<Provider> {
    if (this.#provider === undefined) {
      await this.#read();
    }
    if (this.#provider === undefined) {
      throw new Error("Backend.AI Sessions is not ready: this window is closing."); // for programs
    }
    return this.#provider;
  }
}
