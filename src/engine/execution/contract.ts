/** The languages that a session can have. */
export const runtimeNames = [
  "python",
  "nodejs",
  "c",
  "cpp",
  "golang",
  "rust",
  "java",
  "r",
  "julia",
  "lua",
  "php",
  "shell",
] as const;

export type RuntimeName = (typeof runtimeNames)[number];

/** One thing that a run printed or showed (`protocol.md` §4.2). */
export type ConsoleItem =
  ["stdout" | "stderr" | "html" | "log", string] | ["media", [mimeType: string, data: string]];

/** How one HTTP step of a run ended (`protocol.md` §4.2). */
export type RunStatus =
  "continued" | "clean-finished" | "build-finished" | "waiting-input" | "finished" | "exec-timeout";

/** With `waiting-input`: whether what is typed is to be hidden. */
export interface InputOptions {
  is_password?: boolean;
}

/** One HTTP step of a run (`protocol.md` §4.2). `exitCode` is a number with the `…finished` statuses only. */
export interface RunResult {
  status: RunStatus;
  runId: string;
  exitCode: number | null;
  options: InputOptions | null;
  files: [];
  console: ConsoleItem[];
}

/** Shell commands of a batch run: absent, null or "" skips the step, "*" is the runtime's default (`protocol.md` §4.4). */
export interface BatchOptions {
  clean?: string | null;
  build?: string | null;
  buildLog?: boolean;
  exec?: string | null;
}

/** One HTTP request to execute something (`protocol.md` §4.1). */
export interface ExecuteRequest {
  mode: "query" | "batch" | "continue" | "input";
  code: string;
  /** `null` lets the session choose one; `continue` and `input` need one. */
  runId: string | null;
  options?: BatchOptions;
  /** Exit code of a query that raised: 0 before 26, then 1 and the code of `sys.exit` (`protocol.md` §4.2). Default 1. */
  exceptionExitCode?: 0 | 1;
}

/** What a session's execution is made of. */
export interface SessionExecutionOptions {
  /** The session's `/home/work` on this computer. */
  workDir: string;
  /** Private scratch of the session (sockets, compiled files); exists. */
  stateDir: string;
  runtime: RuntimeName;
  /** Extra variables of the session. */
  environment: Record<string, string>;
  /** Where `media/runners` is. */
  runnersDir: string;
  /** Bound of the container log, default 1 MiB; the newest is kept. */
  logLimitBytes?: number;
  /** A run that takes longer ends with `exec-timeout`; 0 or absent: no limit. */
  execTimeoutMs?: number;
  /** How long a run waits for the one before it, default 30 s (`protocol.md` §4.6). */
  queueTimeoutMs?: number;
}

/** Where completion is asked for; `line` is the text of the cursor's line up to the cursor (`protocol.md` §7). */
export interface CompleteOptions {
  row?: number;
  col?: number;
  line?: string;
  post?: string;
}
