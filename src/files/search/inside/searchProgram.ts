/** How a program that was started in a session ended. */
export interface ProgramResult {
  /** `undefined` when it was stopped, or a signal ended it. */
  readonly exitCode: number | undefined;
  /** The beginning of its error output. */
  readonly errorText: string;
}

/** A program that looks through files in a session. It ends with its output, and soon after `stop`. */
export interface SearchProgram {
  /** What it prints, in pieces. Who reads it to no end calls `stop`. */
  readonly output: AsyncIterable<Uint8Array>;
  /**
   * Once the output has ended.
   * @throws {NetworkError} when the connection was lost.
   */
  result(): Promise<ProgramResult>;
  /** Ends the program in the session, with all that it has started. */
  stop(): void;
}

/** Where a script is run. `script` is for `sh`; `python` is the same for an interpreter of Python, as source. */
export interface SearchTask {
  readonly script: string;
  readonly python: string;
}

/** Starts a program in a session. */
export type StartProgram = (task: SearchTask, signal: AbortSignal) => Promise<SearchProgram>;
