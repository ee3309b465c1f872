import { messageOf } from "../../src/base/errors.js";
import type { CaseGroup, ConformanceCase } from "./conformanceCase.js";
import { type Outcome, runCase } from "./outcome.js";
import type { OpenTarget, TargetSpec } from "./targets.js";

/** A case with the name under which it is reported. */
export interface NamedCase {
  /** Letter of the group and number in it: `Q7`. */
  readonly id: string;
  readonly group: CaseGroup;
  readonly test: ConformanceCase;
}

/** An outcome that is waited for before it is known. */
interface Settled {
  readonly promise: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
}

/** The cases of groups, numbered. */
export function namedCases(groups: readonly CaseGroup[]): NamedCase[] {
  return groups.flatMap((group) =>
    group.cases.map((test, index) => ({ id: `${group.letter}${index + 1}`, group, test })),
  );
}

/**
 * Runs cases on targets: several targets at a time, as most of a case is waiting, and the cases of one target one after the
 * other, as they share a session. Everything starts with the first question for an outcome.
 */
export class Suite {
  readonly #targets: readonly TargetSpec[];
  readonly #cases: readonly NamedCase[];
  readonly #lanes: number;
  readonly #outcomes = new Map<string, Settled>();
  #running: Promise<void> | undefined;

  constructor(targets: readonly TargetSpec[], cases: readonly NamedCase[], lanes: number) {
    this.#targets = targets;
    this.#cases = cases;
    this.#lanes = lanes;
    for (const target of targets) {
      for (const { id } of cases) {
        this.#outcomes.set(keyOf(target, id), settled());
      }
    }
  }

  /** How a case went. */
  async outcome(target: TargetSpec, id: string): Promise<Outcome> {
    this.#running ??= this.#run();
    const outcome = this.#outcomes.get(keyOf(target, id));
    return outcome === undefined ? { status: "skipped", reason: "not selected" } : outcome.promise;
  }

  /** Resolves when every target is closed. */
  async done(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const waiting = [...this.#targets];
    const lane = async (): Promise<void> => {
      for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
        await this.#runTarget(target);
      }
    };
    await Promise.all(Array.from({ length: this.#lanes }, lane));
  }

  async #runTarget(spec: TargetSpec): Promise<void> {
    let target: OpenTarget;
    try {
      target = await spec.open();
    } catch (error) {
      this.#cases.forEach(({ id }) => this.#settle(spec, id, { status: "failed", error }));
      return;
    }
    for (const { id, test } of this.#cases) {
      this.#settle(spec, id, await runCase(test, target));
    }
    await target.close().catch((error: unknown) => {
      console.error(`${spec.name} did not end well: ${messageOf(error)}`);
    });
  }

  #settle(target: TargetSpec, id: string, outcome: Outcome): void {
    this.#outcomes.get(keyOf(target, id))?.resolve(outcome);
  }
}

function keyOf({ name }: TargetSpec, id: string): string {
  return `${name} ${id}`;
}

function settled(): Settled {
  let resolve: Settled["resolve"] = () => undefined;
  const promise = new Promise<Outcome>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
