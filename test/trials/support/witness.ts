import assert from "node:assert/strict";
import { BackendAIError, TimeoutError } from "../../../src/api/index.js";
import { abortable, deadline } from "../../../src/base/abort.js";
import { errorWords, type OutcomeTable } from "./outcomeTable.js";
import { callLimitMs } from "./trialCluster.js";

/** How an operation ended: with a value, or with an error of the SDK's own family. */
export type Seen<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: BackendAIError };

type ErrorClass = abstract new (...parameters: never[]) => BackendAIError;

/**
 * Watches what becomes of operations when something happens to the cluster. Whatever was under way must end within its
 * deadline, and well or with a typed error: anything else fails the trial.
 */
export class Witness {
  readonly #fault: string;
  readonly #table: OutcomeTable;
  #struckAt: number | undefined;
  #strike: () => void = () => undefined;
  readonly #struck = new Promise<void>((resolve) => {
    this.#strike = resolve;
  });

  constructor(fault: string, table: OutcomeTable) {
    this.#fault = fault;
    this.#table = table;
  }

  /** Says that it happens now: times and deadlines count from here. */
  strike(): void {
    this.#struckAt = performance.now();
    this.#strike();
  }

  /**
   * Waits for the end of an operation and notes it.
   * @param words What to note of a value; `done` when absent.
   */
  async sees<T>(
    operation: string,
    work: Promise<T>,
    words: (value: T) => string = () => "done",
  ): Promise<Seen<T>> {
    const startedAt = performance.now();
    const ending = work.then(
      (value): Seen<T> => ({ ok: true, value }),
      (error: unknown): Seen<T> => ({ ok: false, error: typed(operation, error) }),
    );
    await Promise.race([this.#struck, ending]);
    assert.ok(this.#struckAt !== undefined, `${operation} ended before anything happened`);
    const limit = deadline(callLimitMs, "total", `${operation}, when ${this.#fault},`);
    try {
      const seen = await abortable(ending, limit.signal);
      const ms = performance.now() - Math.max(startedAt, this.#struckAt);
      const outcome = seen.ok ? words(seen.value) : errorWords(seen.error);
      this.#table.add({ fault: this.#fault, operation, outcome, ms });
      return seen;
    } catch (error) {
      const outcome = error instanceof TimeoutError ? "HANGS" : "UNTYPED ERROR";
      this.#table.add({ fault: this.#fault, operation, outcome, ms: callLimitMs });
      throw error;
    } finally {
      limit.clear();
    }
  }

  /** As {@link sees}, for what must fail: the error, which must be one of `types`. */
  async seesError<T extends readonly ErrorClass[]>(
    operation: string,
    work: Promise<unknown>,
    ...types: T
  ): Promise<InstanceType<T[number]>> {
    const seen = await this.sees(operation, work);
    assert.ok(!seen.ok, `${operation} succeeded`);
    const { error } = seen;
    assert.ok(
      types.some((type) => error instanceof type),
      `${operation} failed with ${error.name}: ${error.message}`,
    );
    return error as InstanceType<T[number]>;
  }
}

function typed(operation: string, error: unknown): BackendAIError {
  if (error instanceof BackendAIError) {
    return error;
  }
  throw new assert.AssertionError({
    message: `${operation} failed with an error that is none of the SDK's: ${String(error)}`,
    actual: error,
  });
}
