import { Emitter } from "../../base/event.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";

/** Something of a session that a person may be looking at, such as a terminal. */
export interface SessionSight {
  /** The session that is looked at now: its id, or its name where only that is known. */
  readonly current: () => string | undefined;
  /** Told by VS Code when the answer may be another one. */
  readonly onDidChange: (listener: () => void) => Disposable;
}

/** Where features tell which session is before a person's eyes. The first that has an answer counts. */
export class SessionsInView implements Disposable {
  readonly #sights = new Set<SessionSight>();
  readonly #didChange = new Emitter<undefined>();

  readonly onDidChange = this.#didChange.event;

  /** Asks `sight` as well, until the result is disposed. */
  add(sight: SessionSight): Disposable {
    const owned = new DisposableStore();
    this.#sights.add(sight);
    owned.defer(() => this.#sights.delete(sight));
    owned.add(sight.onDidChange(() => this.#didChange.fire(undefined)));
    return owned;
  }

  /** The id or name of the session that is looked at. */
  get current(): string | undefined {
    for (const sight of this.#sights) {
      const session = sight.current();
      if (session !== undefined) {
        return session;
      }
    }
    return undefined;
  }

  dispose(): void {
    this.#didChange.dispose();
    this.#sights.clear();
  }
}
