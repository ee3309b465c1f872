export type {
  BatchOptions,
  CompleteOptions,
  ConsoleItem,
  ExecuteRequest,
  InputOptions,
  RunResult,
  RunStatus,
  RuntimeName,
  SessionExecutionOptions,
} from "./contract.js";
export { runtimeNames } from "./contract.js";
export { AgentFaultError, AgentTimeoutError, SessionEndedError, TerminalUnavailableError } from "./errors.js";
export { isProgram } from "./isProgram.js";
export { FlowGate } from "./run/flowGate.js";
export type { ProcessHost } from "./process/processHost.js";
export { outputEnd } from "./process/outputEnd.js";
export { availableRuntimes, type RuntimeInfo } from "./runtimes.js";
export { SessionExecution } from "./sessionExecution.js";
export { loginShell } from "./terminal/loginShell.js";
export { PtyProcess } from "./terminal/ptyProcess.js";
export type { SessionTerminal } from "./terminal/sessionTerminal.js";
