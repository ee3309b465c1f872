import type { Disposable } from "../../base/lifecycle.js";
import type { Session } from "./session.js";
import type { SessionLifecycle } from "./lifecycle.js";
import type { SessionStore } from "./sessionStore.js";
import { fitsCapacity } from "./slots.js";
import { type Refused, tellWhyItWaits } from "./waiting.js";

/** Lets queued sessions start until it is disposed: first come first served, not more than `concurrency` at once. */
export class Scheduler implements Disposable {
  /** Sessions that are on their way up; they hold a place before their status says so. */
  readonly #starting = new Set<Session>();
  #isDisposed = false;

  constructor(
    readonly store: SessionStore,
    readonly lifecycle: SessionLifecycle,
    readonly concurrency: number,
  ) {}

  /** Starts every queued session for which there is a place. Called whenever one may have become free. */
  schedule(): void {
    // An engine that stops leaves sessions in the queue: they would be started, and given up, for ever.
    for (const session of this.#isDisposed ? [] : this.store.live()) {
      if (session.status !== "PENDING" || this.#starting.has(session)) {
        continue;
      }
      const refused = this.#refused(session);
      if (refused === undefined) {
        void this.#start(session);
      } else {
        tellWhyItWaits(session, refused, this.store.era);
      }
    }
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  /** What speaks against a start, in the words of real servers. */
  #refused(session: Session): Refused | undefined {
    const unmet = session.spec.dependencies.filter((other) => other.result !== "success" || !other.isDead);
    if (unmet.length > 0) {
      const names = unmet.map(({ name, id }) => `${name} (${id})`).join(", ");
      return {
        check: "dependencies",
        msg: `Waiting dependency sessions to finish as success. (${names})`,
      };
    }
    if (!fitsCapacity(session.spec.slots)) {
      const msg =
        "Could not find a contiguous resource region in any agent big enough to host the session " +
        `(id: ${session.id}, resource group: default)`;
      return { check: "capacity", msg };
    }
    return this.#placed() >= this.concurrency
      ? {
          check: "concurrency",
          msg: `You cannot run more than ${String(this.concurrency)} concurrent sessions`,
        }
      : undefined;
  }

  async #start(session: Session): Promise<void> {
    this.#starting.add(session);
    session.statusData = null;
    session.statusInfo = "";
    try {
      await this.lifecycle.start(session);
    } finally {
      this.#starting.delete(session);
    }
    this.schedule();
  }

  #placed(): number {
    const placed = this.store.live().filter((session) => session.isPlaced && !this.#starting.has(session));
    return placed.length + this.#starting.size;
  }
}
