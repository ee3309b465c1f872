import type { SessionExecution, SessionExecutionOptions } from "../execution/index.js";

/** What runs the code of one session. */
export type Execution = Pick<
  SessionExecution,
  | "execute"
  | "isBusy"
  | "interrupt"
  | "complete"
  | "openTerminal"
  | "processes"
  | "containerLog"
  | "restart"
  | "dispose"
>;

/** Makes the execution of one session. */
export type ExecutionFactory = (options: SessionExecutionOptions) => Execution;
