import type { Execution } from "../../../../src/engine/sessions/execution.js";

/** An execution that runs nothing; tests replace what they need. */
export const stubExecution: Execution = {
  execute: () => Promise.reject(new Error("unused")),
  isBusy: false,
  interrupt: () => undefined,
  complete: () => Promise.resolve([]),
  openTerminal: () => {
    throw new Error("unused");
  },
  processes: undefined as never,
  containerLog: () => "",
  restart: () => Promise.resolve(),
  dispose: () => Promise.resolve(),
};
