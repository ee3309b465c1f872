import { AsyncLocalStorage } from "node:async_hooks";
import { reasonOf } from "../../../src/base/abort.js";

/** How long work that was given up may still take to end what it started: longer than any {@link cleanUp}. */
const endMs = 150_000;

/** A part of the work that is given up as a whole. */
interface Step {
  readonly signal: AbortSignal;
  /** What is being done in it, from the outer to the inner: told when it is given up. */
  readonly doing: Set<string>;
  readonly outer: Step | undefined;
}

const steps = new AsyncLocalStorage<Step>();

/**
 * Does work that must be over within `seconds`. Then all that it does is given up: commands, waiting, steps in the step.
 * @throws naming the step and what it was doing.
 */
export async function step<T>(what: string, seconds: number, work: () => Promise<T>): Promise<T> {
  const late = new AbortController();
  const doing = new Set<string>();
  const timer = setTimeout(() => {
    const at = doing.size === 0 ? "" : `, at: ${[...doing].join(" › ")}`;
    late.abort(new Error(`${what}: given up after ${seconds} s${at}.`));
  }, seconds * 1000);
  try {
    return await during(what, async () => runStep(late.signal, doing, work));
  } finally {
    clearTimeout(timer);
  }
}

/** Does work that is given up when `signal` aborts, as a step is at its deadline. */
export async function abortableStep<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return runStep(signal, new Set(), work);
}

/** Ends what was started: goes on when the steps around it are given up, but has a deadline of its own. */
export async function cleanUp(what: string, seconds: number, work: () => Promise<void>): Promise<void> {
  await steps.exit(async () => step(what, seconds, work));
}

/** Does work, and lets the steps around it tell of it. */
export async function during<T>(what: string, work: () => Promise<T>): Promise<T> {
  const around: Step[] = [];
  for (let one = steps.getStore(); one !== undefined; one = one.outer) {
    around.push(one);
  }
  around.forEach(({ doing }) => doing.add(what));
  try {
    return await work();
  } finally {
    around.forEach(({ doing }) => doing.delete(what));
  }
}

/** Aborts when the work around is given up; `undefined` outside of all steps. */
export function stepSignal(): AbortSignal | undefined {
  return steps.getStore()?.signal;
}

async function runStep<T>(own: AbortSignal, doing: Set<string>, work: () => Promise<T>): Promise<T> {
  const outer = steps.getStore();
  const signal = outer === undefined ? own : AbortSignal.any([outer.signal, own]);
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(reasonOf(signal)), endMs);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([steps.run({ signal, doing, outer }, work), givenUp]);
  } catch (error) {
    signal.throwIfAborted(); // that is why, whatever else failed by it
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
