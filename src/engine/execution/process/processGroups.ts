import { delay } from "../../../base/abort.js";
import type { Guardian } from "./guardian.js";
import { signalGroup } from "./groupSignals.js";
import { killMarked } from "./markedProcesses.js";

const politeMs = 400;
/** After SIGKILL only the reaping is left, which is not ours for orphans. */
const killMs = 500;
const pollMs = 15;

/** The process groups of one session that may still have members. */
export class ProcessGroups {
  readonly #groups = new Set<number>();
  readonly #guardian: Guardian;
  readonly #marker: string;

  constructor(guardian: Guardian, marker: string) {
    this.#guardian = guardian;
    this.#marker = marker;
  }

  add(group: number): void {
    this.#prune();
    this.#groups.add(group);
    this.#guardian.added(group);
  }

  /** The groups as they are now. */
  get members(): ReadonlySet<number> {
    return this.#groups;
  }

  /** The group's leader has ended; the group stays listed while background processes of it live. */
  leaderExited(): void {
    this.#prune();
  }

  /** Ends everything: politely, then by force, and at last what left its group. Takes about 1 s at most. */
  async endAll(): Promise<void> {
    this.#signal("SIGTERM");
    // A stopped process would not hear it.
    this.#signal("SIGCONT");
    await this.#untilGone(politeMs);
    this.#signal("SIGKILL");
    await killMarked(this.#marker);
    await this.#untilGone(killMs);
    // Once more: what was being forked during the first sweep.
    await killMarked(this.#marker);
  }

  #signal(signal: NodeJS.Signals): void {
    this.#groups.forEach((group) => signalGroup(group, signal));
  }

  async #untilGone(timeoutMs: number): Promise<void> {
    const end = Date.now() + timeoutMs;
    this.#prune();
    while (this.#groups.size > 0 && Date.now() < end) {
      await delay(pollMs);
      this.#prune();
    }
  }

  #prune(): void {
    for (const group of this.#groups) {
      if (!signalGroup(group, 0)) {
        this.#groups.delete(group);
        this.#guardian.removed(group);
      }
    }
  }
}
