import { BackendAIError } from "../../base/errors.js";

/** A run waited too long for the one before it; servers answer it as 500 with `agent-timeout` (`protocol.md` §4.6). */
export class AgentTimeoutError extends BackendAIError {
  readonly code = "AGENT_TIMEOUT";

  constructor(readonly ms: number) {
    super(`Another run kept the session busy for ${String(ms / 1000)} s.`);
  }
}

/** What runs a session failed by itself; servers answer 500 with the exception's words. */
export class AgentFaultError extends BackendAIError {
  readonly code = "AGENT_FAULT";
}

/** The session has been ended. */
export class SessionEndedError extends BackendAIError {
  readonly code = "SESSION_ENDED";

  constructor() {
    super("The session has ended.");
  }
}

/** This computer does not have what a language needs. */
export class RuntimeMissingError extends BackendAIError {
  readonly code = "RUNTIME_MISSING";

  constructor(readonly runtime: string) {
    super(`This computer has no ${runtime} that a session could use.`);
  }
}

/** No terminal can be opened: the native part is missing or does not load. `cause` says what was tried last. */
export class TerminalUnavailableError extends BackendAIError {
  readonly code = "TERMINAL_UNAVAILABLE";

  constructor(reason: string, options?: ErrorOptions) {
    super(`No terminal can be opened: ${reason}`, options);
  }
}

/** A process could not be started. */
export class ProcessStartError extends BackendAIError {
  readonly code = "PROCESS_START";

  constructor(command: string, options?: ErrorOptions) {
    super(`${command} could not be started.`, options);
  }
}
