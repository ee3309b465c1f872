import type { RunEvent } from "../../api/index.js";

/** What an execution tells, whatever carries it. Last of all comes `finished`, `timedOut` or an error. */
export type ExecutionEvent =
  /**
   * `bytes` is the output as the program wrote it, where that is known: `text` has U+FFFD for what is no UTF-8. `isReplay`: it was
   * written before the program was followed here, so what it asks of a screen is answered or out of date.
   */
  | (Extract<RunEvent, { type: "output" }> & { readonly bytes?: Uint8Array; readonly isReplay?: boolean })
  | Exclude<RunEvent, { type: "output" }>
  /** First of a job, once it runs: from now on others can find it. */
  | { readonly type: "started"; readonly jobId: string }
  /** The connection was lost; the program goes on, and it is tried again. */
  | { readonly type: "connectionLost"; readonly reason: string }
  | { readonly type: "connectionBack" }
  /** What the session says of the end, beside the exit code: its output was too much, or it vanished with its session. */
  | { readonly type: "remark"; readonly text: string };

/**
 * How what is typed reaches a program: as keys, for it has a terminal; as lines at any time; or as lines when it asks.
 */
export type InputKind = "keys" | "lines" | "questions";

/** The size of a terminal, in characters. */
export interface ScreenSize {
  readonly rows: number;
  readonly cols: number;
}

/**
 * A program of a session that runs. Iterated once, which begins it; to leave the iteration early is to leave the program as
 * `leave` does.
 */
export interface Execution extends AsyncIterable<ExecutionEvent> {
  /** Where it can be found again by other windows: the job's id; `undefined` where nobody can. */
  readonly jobId: string | undefined;
  /** What the program takes; known when the first event has come. */
  readonly input: InputKind;
  /** Types. Rejects with words when it can't be taken. */
  send(text: string): Promise<void>;
  /** Interrupts the program, as Ctrl-C does. */
  interrupt(): Promise<void>;
  /**
   * Ends the program by stronger means. Where there are none, it is left alone: iteration rejects with an `AbortError` within a
   * few seconds.
   * @returns Whether it is known to end.
   */
  kill(): Promise<boolean>;
  /** Tells the program of another size of its terminal. */
  resize(size: ScreenSize): void;
  /** Lets go: a job goes on, other programs are interrupted. Iteration rejects with an `AbortError`. */
  leave(): void;
}
