import { messageOf } from "../../src/base/errors.js";
import type { ConformanceCase } from "./conformanceCase.js";
import type { Outcome } from "./outcome.js";

/** A case that was tried. */
export interface Entry {
  readonly covers: readonly string[];
  readonly title: string;
  readonly outcome: Outcome;
}

/** What was tried on which target, and how it went. */
export class Ledger {
  readonly #entries = new Map<string, Entry[]>();

  write(target: string, { covers, title }: ConformanceCase, outcome: Outcome): void {
    this.#of(target).push({ covers, title, outcome });
  }

  /** What was tried on a target, in order. */
  entries(target: string): readonly Entry[] {
    return this.#of(target);
  }

  /** The rows for which no case has passed, nor was skipped for a reason that lies in this very server. */
  missing(target: string, rows: readonly string[]): string[] {
    const passed = this.#of(target).filter(({ outcome }) => outcome.status === "passed");
    const excused = this.#of(target).filter(({ outcome }) => outcome.status === "skipped");
    return rows
      .filter((row) => !passed.some(({ covers }) => covers.includes(row)))
      .filter((row) => target !== "environment" || !excused.some(({ covers }) => covers.includes(row)));
  }

  /** One line per target, and what was skipped there with the reasons. */
  report(): string {
    const lines = [...this.#entries].flatMap(([target, entries]) => {
      const count = (status: Outcome["status"]): number =>
        entries.filter(({ outcome }) => outcome.status === status).length;
      const skipped = entries.flatMap(({ title, outcome }) =>
        outcome.status === "skipped" ? [`      n/a: ${title}: ${outcome.reason}`] : [],
      );
      const twice = entries.flatMap(({ title, outcome }) =>
        outcome.status === "passed" && outcome.firstFailure !== undefined
          ? [`      TRIED TWICE: ${title}: ${messageOf(outcome.firstFailure)}`]
          : [],
      );
      return [`${target}: ${count("passed")} passed, ${count("failed")} failed`, ...twice, ...skipped];
    });
    return lines.join("\n");
  }

  #of(target: string): Entry[] {
    const entries = this.#entries.get(target) ?? [];
    this.#entries.set(target, entries);
    return entries;
  }
}
