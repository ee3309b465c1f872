import type { BatchOptions } from "../../wire/records/run.js";

/** What to run. */
export type RunPlan =
  /** A cell: code in the session's interpreter. */
  | { readonly mode: "query"; readonly code: string }
  /** Files that were uploaded: clean, build, execute (`protocol.md` §4.4). */
  | { readonly mode: "batch"; readonly options: BatchOptions };

/** One step of a run, whichever way it travelled. */
export interface StepOutcome {
  /** `continued`, `clean-finished`, `build-finished`, `waiting-input`, `finished`, `exec-timeout`, or one unknown. */
  readonly status: string;
  readonly console?: readonly [string, unknown][] | null | undefined;
  readonly exitCode?: number | null | undefined;
  readonly options?: { readonly is_password?: boolean | undefined } | null | undefined;
}

/** A session when a run has let go of it: free for the next one, no longer there, or perhaps kept busy. */
export type SessionState = "free" | "gone" | "busy";

/**
 * How a run travels. Steps are asked for one after the other; no method is called after `finished`, `exec-timeout` or a
 * failure but `release`.
 */
export interface RunCarrier {
  /** Whether requests overtake the beginning: that of a websocket takes several round trips, and a request but one. */
  readonly isSlowToBegin?: boolean;
  /** Begins the run; resolves with its first step. */
  begin(plan: RunPlan, signal: AbortSignal): Promise<StepOutcome>;
  /** The next step. */
  proceed(signal: AbortSignal): Promise<StepOutcome>;
  /** Rejects when the connection breaks while the program waits for a line; never resolves. Absent where there is none. */
  broken?(): Promise<never>;
  /** Gives the program its line; resolves with the next step. */
  answer(text: string, signal: AbortSignal): Promise<StepOutcome>;
  /**
   * Lets go. `isOver` is false when the end of the run was not seen: a session that may be blocked is freed, if there is a way.
   * @returns What is known of the session then.
   */
  release(isOver: boolean): Promise<SessionState>;
}
