import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { ResultItem } from "./resultItem.js";
import { type ResultLimits, resultLimits } from "./resultLimits.js";
import { RunResults, type RunTitle } from "./runResults.js";

/** The results of the last runs of a window, bounded ({@link ResultLimits}). */
export class ResultStore implements Disposable {
  readonly #limits: ResultLimits;
  readonly #didChange = new Emitter<void>();
  readonly #didOpen = new Emitter<RunResults>();
  /** Oldest first. */
  #runs: RunResults[] = [];
  #lastId = 0;
  #droppedRuns = 0;

  constructor(limits: ResultLimits = resultLimits) {
    this.#limits = limits;
  }

  /** Anything changed. */
  readonly onDidChange = this.#didChange.event;
  /** A run has something that a terminal can't show, for the first time. */
  readonly onDidOpen = this.#didOpen.event;

  /** The runs with something to show, newest first. */
  get runs(): readonly RunResults[] {
    return this.#runs.filter((run) => run.isRich).reverse();
  }

  /** How many runs with something to show were dropped at a bound since the last {@link clear}. */
  get droppedRuns(): number {
    return this.#droppedRuns;
  }

  /** A place for what a run reports. It is seen when something comes that is not text. */
  begin(title: RunTitle): RunResults {
    let wasRich = false;
    const run = new RunResults({ ...title, id: ++this.#lastId }, this.#limits, () => {
      this.#trim();
      this.#didChange.fire();
      if (run.isRich && !wasRich) {
        this.#didOpen.fire(run);
      }
      wasRich = run.isRich;
    });
    this.#runs.push(run);
    return run;
  }

  find(runId: number): RunResults | undefined {
    return this.#runs.find((run) => run.id === runId);
  }

  findItem(runId: number, itemId: number): ResultItem | undefined {
    return this.find(runId)?.items.find((item) => item.id === itemId);
  }

  /** Forgets everything; runs under way go on to be heard. */
  clear(): void {
    this.#runs = this.#runs.filter((run) => run.ending === undefined);
    for (const run of this.#runs) {
      run.clear();
    }
    this.#droppedRuns = 0;
    this.#didChange.fire();
  }

  dispose(): void {
    this.#didChange.dispose();
    this.#didOpen.dispose();
  }

  #trim(): void {
    this.#runs = this.#runs.filter((run) => run.isRich || run.ending === undefined);
    while (this.runs.length > this.#limits.runs && this.#dropOldestRun()) {
      // one less
    }
    while (this.#size > this.#limits.totalCharacters) {
      if (!this.#dropOldestRun() && !this.#largest?.dropOldest()) {
        return;
      }
    }
  }

  /** Drops the oldest run that is over, but never the only one that shows something. */
  #dropOldestRun(): boolean {
    const oldest = this.#runs.find((run) => run.isRich && run.ending !== undefined);
    if (oldest === undefined || this.runs.length <= 1) {
      return false;
    }
    this.#runs.splice(this.#runs.indexOf(oldest), 1);
    this.#droppedRuns += 1;
    return true;
  }

  get #size(): number {
    return this.#runs.reduce((sum, run) => sum + run.size, 0);
  }

  get #largest(): RunResults | undefined {
    return this.#runs.reduce<RunResults | undefined>(
      (largest, run) => (largest === undefined || run.size > largest.size ? run : largest),
      undefined,
    );
  }
}
