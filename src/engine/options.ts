import type { Logger } from "../base/logger.js";
import type { PlayableDefect, PlayedDefects } from "./defects/playedDefects.js";
import type { ExecutionFactory } from "./sessions/execution.js";
import type { SessionLimits } from "./sessions/sessions.js";

/** What an engine can be told; everything has a default. */
export interface EngineOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Where sessions and virtual folders are kept; absent: a temporary directory that is removed at the end. */
  readonly dataDir?: string | undefined;
  /** The API version to play, default the newest (`v9.20250722`). */
  readonly apiVersion?: string | undefined;
  /** The manager release to play; default the one that goes with the API version. */
  readonly manager?: string | undefined;
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  /** For logins with e-mail and password. */
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly limits?: { readonly [Name in keyof SessionLimits]?: number | undefined };
  /** Requests per 15 minutes, default 30,000. */
  readonly rateLimit?: number | undefined;
  /** A run that takes longer ends its session; milliseconds, 0 for no limit, which is the default. */
  readonly execTimeoutMs?: number | undefined;
  /** Bound of a session's log; bytes. */
  readonly logLimitBytes?: number;
  /** How long a session stays in each status on its way up; milliseconds, default 10. */
  readonly stepMs?: number;
  /** Where `media/runners` is; default: found beside the program. */
  readonly runnersDir?: string;
  readonly logger?: Logger;
  /** Defects of real servers to have as well; default none. */
  readonly defects?: readonly PlayableDefect[] | undefined;
  /** Times of these defects, default as on real servers. */
  readonly defectTimes?: Partial<Pick<PlayedDefects, "agentTimeoutMs" | "endMs">>;
  /** What runs the code of sessions; default: processes of this computer. */
  readonly makeExecution?: ExecutionFactory;
}

/** The newest API version that the engine plays. */
export const newestApiVersion = "v9.20250722";

/** The limits of an engine that was told none. */
const defaultLimits: SessionLimits = {
  maxSessions: 30,
  concurrency: 0,
  idleTimeoutMs: 0,
  lifetimeMs: 0,
};

/** The limits of an engine, the defaults where nothing is given. */
export function limitsOf({ limits = {} }: EngineOptions): SessionLimits {
  return {
    maxSessions: limits.maxSessions ?? defaultLimits.maxSessions,
    concurrency: limits.concurrency ?? defaultLimits.concurrency,
    idleTimeoutMs: limits.idleTimeoutMs ?? defaultLimits.idleTimeoutMs,
    lifetimeMs: limits.lifetimeMs ?? defaultLimits.lifetimeMs,
  };
}
