import { type Disposable, toDisposable } from "../../../base/lifecycle.js";
import type { SessionView, SessionViews } from "../sessionViews.js";
import { type Watch, watchTargets } from "./watchTargets.js";

/** Pauses between rounds, in milliseconds: the first after a change, then longer while nothing changes. */
const pause = { firstMs: 2000, longestMs: 30_000, growth: 1.5 };

/** A round that takes long is followed by a pause that is this many times as long. */
const share = 10;

/** Questions at a time in one session. */
const atOnce = 2;

/** What looking after files works with. */
export interface PollingWatcherParts {
  readonly views: SessionViews;
  /** Whether anybody is there to be told: the window has the focus, the server is connected, and it is not switched off. */
  readonly isAwake: () => boolean;
}

/**
 * Looks again and again at what VS Code watches in sessions that are in use; the listings that it asks for tell what has changed.
 * Nobody is connected to, and nothing is asked while the window is not looked at.
 */
export class PollingWatcher implements Disposable {
  readonly #parts: PollingWatcherParts;
  readonly #watches = new Set<Watch>();
  readonly #hook: Disposable;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #isDisposed = false;
  #hasChanged = false;
  #pauseMs: number;
  readonly #firstMs: number;

  /** @param firstMs The shortest pause between two rounds, in milliseconds. */
  constructor(parts: PollingWatcherParts, firstMs = pause.firstMs) {
    this.#parts = parts;
    this.#firstMs = firstMs;
    this.#pauseMs = firstMs;
    this.#hook = parts.views.onDidChange(() => {
      this.#hasChanged = true;
    });
  }

  /** Looks after something until the result is disposed. */
  add(watch: Watch): Disposable {
    this.#watches.add(watch);
    this.#schedule();
    return toDisposable(() => {
      this.#watches.delete(watch);
      if (this.#watches.size === 0) {
        this.#stop();
      }
    });
  }

  /** Looks at once, as when a window gets the focus again. */
  wake(): void {
    this.#pauseMs = this.#firstMs;
    this.#stop();
    if (!this.#isBusy) {
      this.#begin();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#stop();
    this.#hook.dispose();
    this.#watches.clear();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#watches.size > 0 && !this.#isDisposed && !this.#isBusy) {
      this.#timer ??= setTimeout(() => this.#begin(), this.#pauseMs);
    }
  }

  #begin(): void {
    this.#timer = undefined;
    if (this.#isDisposed || this.#watches.size === 0 || !this.#parts.isAwake()) {
      return; // `wake` and `add` go on
    }
    this.#isBusy = true;
    const startedAt = performance.now();
    this.#hasChanged = false;
    void this.#round().finally(() => {
      this.#isBusy = false;
      const next = this.#hasChanged ? this.#firstMs : this.#pauseMs * pause.growth;
      const least = (performance.now() - startedAt) * share;
      this.#pauseMs = Math.min(Math.max(next, least), pause.longestMs);
      this.#schedule();
    });
  }

  /** Never rejects: what is wrong shows when somebody uses the file. */
  async #round(): Promise<void> {
    const bySession = new Map<SessionView, Watch[]>();
    for (const watch of this.#watches) {
      const view = this.#parts.views.known(watch.place);
      if (view !== undefined) {
        bySession.set(view, [...(bySession.get(view) ?? []), watch]);
      }
    }
    await Promise.all([...bySession].map(async ([view, watches]) => this.#lookAt(view, watches)));
  }

  async #lookAt(view: SessionView, watches: readonly Watch[]): Promise<void> {
    const { folders, files } = watchTargets(view, watches);
    const looks = [
      ...folders.map((path) => async () => view.cache.list(path, true)),
      ...files.map((path) => async () => view.cache.stat(path, true)),
    ];
    const lane = async (): Promise<void> => {
      for (let look = looks.shift(); look !== undefined && !this.#isDisposed; look = looks.shift()) {
        await look().catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  }
}
