import type { CreateSessionOptions } from "../../api/index.js";

/**
 * A session as a person asks for it: what `.backend.ai/session.json` holds, and what “Start Like Last Time” starts again.
 * What is left out is as the server, or the connection, has it.
 */
export interface StartRequest {
  /** A reference `registry/name:tag`, or an alias. */
  readonly image: string;
  /** 4–64 letters, digits, `_`, `.` and `-`; made up when absent. */
  readonly name?: string;
  readonly type?: "interactive" | "batch";
  /** What a batch session runs. */
  readonly command?: string;
  /** When the server ends a batch session, such as `30m`, `2h`, `1d`; seconds without a unit. */
  readonly timeLimit?: string;
  /** Slots such as `{ "cpu": 2, "mem": "4g", "cuda.device": 1 }`. */
  readonly resources?: Readonly<Record<string, string | number>>;
  /** Shared memory, such as `1g`. */
  readonly sharedMemory?: string;
  readonly group?: string;
  readonly resourceGroup?: string;
  /** Names of virtual folders. */
  readonly mounts?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly clusterSize?: number;
  readonly tag?: string;
  /** Names or ids of sessions that must have succeeded before. */
  readonly dependencies?: readonly string[];
}

/** The same session under a name of its own: the old one is taken while the session before lives. */
export function unnamed(request: StartRequest): StartRequest {
  const { name, ...rest } = request;
  return name === undefined ? request : rest;
}

/** The parameters of the call that starts it; `name` is the one to use. */
export function createOptionsOf(request: StartRequest, name: string): CreateSessionOptions {
  const { sharedMemory, command, timeLimit, environment } = request;
  return {
    image: request.image,
    name,
    type: request.type,
    startupCommand: command,
    batchTimeout: timeLimit,
    resources: request.resources,
    resourceOptions: sharedMemory === undefined ? undefined : { shmem: sharedMemory },
    group: request.group,
    resourceGroup: request.resourceGroup,
    mounts: request.mounts,
    environ: environment,
    clusterSize: request.clusterSize,
    clusterMode: (request.clusterSize ?? 1) > 1 ? "multi-node" : undefined,
    tag: request.tag,
    dependencies: request.dependencies,
    reuseIfExists: false,
    enqueueOnly: true,
  };
}
