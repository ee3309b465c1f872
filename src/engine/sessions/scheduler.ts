import type { Session } from "./session.js";
import type { SessionLifecycle } from "./lifecycle.js";
import type { SessionStore } from "./sessionStore.js";
import { fitsCapacity } from "./slots.js";

/** Lets queued sessions start: first come first served, not more than `concurrency` at once. */
export class Scheduler {
  /** Sessions that are on their way up; they hold a place before their status says so. */
  readonly #starting = new Set<Session>();

  constructor(
    readonly store: SessionStore,
    readonly lifecycle: SessionLifecycle,
    readonly concurrency: number,
  ) {}

  /** Starts every queued session for which there is a place. Called whenever one may have become free. */
  schedule(): void {
    for (const session of this.store.live()) {
      if (session.status !== "PENDING" || this.#starting.has(session)) {
        continue;
      }
      if (!fitsCapacity(session.spec.slots)) {
        refuse(session, "no-available-instances", "This computer does not have that much.");
      } else if (this.#placed() >= this.concurrency) {
        refuse(session, "concurrency", "Other sessions hold all places.");
      } else {
        void this.#start(session);
      }
    }
  }

  async #start(session: Session): Promise<void> {
    this.#starting.add(session);
    session.statusData = null;
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

/** Says why a session waits, as `status_data` of servers does. */
function refuse(session: Session, name: string, msg: string): void {
  session.statusData = {
    scheduler: {
      retries: 0,
      last_try: new Date().toISOString(),
      failed_predicates: [{ name, msg }],
      passed_predicates: [],
    },
  };
}
