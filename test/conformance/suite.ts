import type { Dialect } from "../../src/api/index.js";
import { within } from "../../src/base/abort.js";
import { messageOf } from "../../src/base/errors.js";
import type { CaseGroup, ConformanceCase } from "./conformanceCase.js";
import { type Outcome, runCase } from "./outcome.js";
import type { OpenTarget, TargetSpec } from "./targets.js";

/** Longest that it may take until a target can be used, and until all of its sessions have ended. */
const openMs = 60_000;
const closeMs = 180_000;

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
 * Runs cases on targets: several targets at a time, as most of a case is waiting, and on each as many cases at a time as it
 * has workers; those of one worker share a session. Everything starts with the first question for an outcome.
 */
export class Suite {
  readonly #targets: readonly TargetSpec[];
  readonly #cases: readonly NamedCase[];
  readonly #lanes: number;
  readonly #outcomes = new Map<string, Settled>();
  readonly #servers = new Map<string, Dialect>();
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

  /** Which server a target turned out to be; its cases must have been asked for. */
  server({ name }: TargetSpec): Dialect | undefined {
    return this.#servers.get(name);
  }

  /** Resolves when every target is closed. */
  async done(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const waiting = [...this.#targets];
    const lane = async (): Promise<void> => {
      for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
        await this.#runTarget(target).catch((error: unknown) => this.#failRest(target, error));
      }
    };
    await Promise.all(Array.from({ length: this.#lanes }, lane));
  }

  async #runTarget(spec: TargetSpec): Promise<void> {
    const waiting = [...this.#cases];
    const work = async (target: OpenTarget): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const first = await runCase(next.test, target);
        // Real servers on a busy computer are late now and then; it is told, and what fails twice has failed.
        const isDoubted = spec.isReal && first.status === "failed";
        const outcome = isDoubted ? await runCase(next.test, target) : first;
        const isRecovered = isDoubted && outcome.status === "passed";
        this.#settle(spec, next.id, isRecovered ? { ...outcome, firstFailure: first.error } : outcome);
      }
    };
    const opening = Array.from({ length: spec.workers }, async () =>
      within(spec.open(), openMs, "connect", `Opening ${spec.name}`),
    );
    const opened = await Promise.allSettled(opening);
    const workers = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    workers.forEach(({ client }) => this.#servers.set(spec.name, client.dialect));
    const refused = opened.find((one) => one.status === "rejected");
    if (refused !== undefined) {
      this.#failRest(spec, refused.reason);
    } else {
      await Promise.all(workers.map(work));
    }
    // One after the other: each ends what is left of all.
    for (const target of workers) {
      await within(target.close(), closeMs, "total", "The end of its sessions").catch((error: unknown) => {
        console.error(`${spec.name} did not end well: ${messageOf(error)}`);
      });
    }
  }

  /** What waits for an outcome would else wait for ever. */
  #failRest(target: TargetSpec, error: unknown): void {
    this.#cases.forEach(({ id }) => this.#settle(target, id, { status: "failed", error }));
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
