import type { TrialContext } from "./trialContext.js";

/** Something that a cluster is put through, and what the client makes of it. */
export interface Trial {
  /** What happens, as a sentence: `the manager is killed in the middle of work`. */
  readonly title: string;
  readonly run: (context: TrialContext) => Promise<void>;
}

/** Trials that belong together. */
export interface TrialGroup {
  readonly title: string;
  readonly trials: readonly Trial[];
}
