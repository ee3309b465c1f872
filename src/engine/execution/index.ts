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
export { availableRuntimes, type RuntimeInfo } from "./runtimes.js";
export { SessionExecution } from "./sessionExecution.js";
export type { SessionTerminal } from "./terminal/sessionTerminal.js";
