import type { Candidate, CandidateList } from "./completionSource.js";

/** Answers that are kept, and for how long: what a session's names are may change without a run, by its own threads. */
const answerLimit = 32;
const lifeMs = 30_000;

interface Entry<T> {
  readonly typed: string;
  readonly answer: T;
  readonly until: number;
  readonly runs: number;
}

/** Answers of one session, as long as nothing ran in it. The oldest go first. */
export class AnswerCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #now: () => number;
  readonly #runs: () => number;

  /** @param runs How many runs the session has had. */
  constructor(now: () => number, runs: () => number) {
    this.#now = now;
    this.#runs = runs;
  }

  /**
   * @param typed What was typed of the word when it was asked.
   * @param forMs Milliseconds that the answer holds.
   */
  put(key: string, typed: string, answer: T, forMs = lifeMs): void {
    this.#entries.delete(key);
    this.#entries.set(key, { typed, answer, until: this.#now() + forMs, runs: this.#runs() });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > answerLimit && oldest !== undefined) {
      this.#entries.delete(oldest);
    }
  }

  /** What was answered to `key`; `undefined` where nothing was, or no longer holds. */
  get(key: string): { readonly answer: T; readonly typed: string } | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.until <= this.#now() || entry.runs !== this.#runs()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry;
  }

  clear(): void {
    this.#entries.clear();
  }
}

/**
 * The answer to a word as it was typed then, for the word as it is now; `undefined` where that one must be asked for: it is no
 * longer one, or something had been left out.
 */
export function narrowed(list: CandidateList, then: string, now: string): CandidateList | undefined {
  if (now === then) {
    return list;
  }
  if (list.isIncomplete || !beginsLike(now, then)) {
    return undefined;
  }
  return {
    candidates: list.candidates.filter((each: Candidate) => beginsLike(each.name, now)),
    isIncomplete: false,
  };
}

function beginsLike(name: string, start: string): boolean {
  return name.slice(0, start.length).toLowerCase() === start.toLowerCase();
}
