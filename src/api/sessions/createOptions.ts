import { randomBytes } from "node:crypto";
import { ConfigurationError } from "../../base/errors.js";
import { rememberSecretVariables } from "../../base/secrets/maskText.js";
import { limits } from "../../wire/limits.js";
import type { Context } from "../context.js";

/** A session to be created, or to be found alive (`protocol.md` §3.1). */
export interface CreateSessionOptions {
  /** An alias, or a full reference `registry/name:tag`. */
  readonly image: string;
  /** 4–64 characters of `\w`, `.` and `-`; made up when absent. */
  readonly name?: string | undefined;
  readonly type?: "interactive" | "batch" | "inference" | "system" | undefined;
  /** Answers as soon as the session is queued, with status `PENDING`. */
  readonly enqueueOnly?: boolean | undefined;
  /** Seconds that the server waits for the start before it answers `TIMEOUT`; 0, the default, is without limit. */
  readonly maxWaitSeconds?: number | undefined;
  /** Whether a live session of that name and image is returned instead; default true. */
  readonly reuseIfExists?: boolean | undefined;
  /** Names of virtual folders, beside those of the connection. */
  readonly mounts?: readonly string[] | undefined;
  readonly environ?: Readonly<Record<string, string>> | undefined;
  /** Required for batch sessions. */
  readonly startupCommand?: string | undefined;
  readonly bootstrapScript?: string | undefined;
  /** Slots such as `{ cpu: 1, mem: "1g", "cuda.device": 1 }`. */
  readonly resources?: Readonly<Record<string, string | number>> | undefined;
  /** Such as `{ shmem: "64m" }`. */
  readonly resourceOptions?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly resourceGroup?: string | undefined;
  readonly clusterSize?: number | undefined;
  /** 20.09+. */
  readonly clusterMode?: "single-node" | "multi-node" | undefined;
  readonly domain?: string | undefined;
  readonly group?: string | undefined;
  readonly tag?: string | undefined;
  /** 22.09+. */
  readonly architecture?: string | undefined;
  /** 24.09+. */
  readonly priority?: number | undefined;
  /** ISO time; batch sessions only; 20.09+. */
  readonly startsAt?: string | undefined;
  /** When the server ends a batch session: seconds, or such as `30m`, `2h`; 22.09+. */
  readonly batchTimeout?: string | undefined;
  /** Ids of sessions that must have succeeded before; 20.09+. */
  readonly dependencies?: readonly string[] | undefined;
  /** Ports of the container to open; 20.03+. */
  readonly preopenPorts?: readonly number[] | undefined;
  /** Our own deadline in milliseconds; default `timeouts.createMs`, or `maxWaitSeconds` and a minute. */
  readonly timeoutMs?: number | undefined;
}

/**
 * The name to ask for.
 * @throws {ConfigurationError} when a given one is not allowed. Some servers accept it and then can't find it.
 */
export function nameOf({ name }: { readonly name?: string | undefined }): string {
  if (name !== undefined && !limits.sessionName.test(name)) {
    throw new ConfigurationError(
      "name",
      `“${name}” is no session name: 4 to 64 letters, digits, “_”, “.” and “-”, with a letter or digit at both ends.`,
    );
  }
  return name ?? `session-${randomBytes(6).toString("hex")}`;
}

/** The JSON body of create in this server's dialect. `undefined` values leave their key out. */
export function createBody(
  context: Context,
  name: string,
  options: CreateSessionOptions,
  ownerAccessKey?: string,
): Record<string, unknown> {
  const { dialect, defaults } = context;
  const { create } = dialect;
  const size = options.clusterSize ?? 1;
  rememberSecretVariables(options.environ);
  return {
    [create.nameField]: name,
    image: options.image,
    type: options.type ?? "interactive",
    domain: options.domain ?? defaults.domain,
    group: options.group ?? defaults.group,
    tag: options.tag,
    enqueueOnly: options.enqueueOnly ?? false,
    maxWaitSeconds: options.maxWaitSeconds ?? 0,
    reuseIfExists: options.reuseIfExists ?? true,
    startupCommand: options.startupCommand,
    bootstrap_script: options.bootstrapScript,
    owner_access_key: ownerAccessKey,
    architecture: options.architecture,
    priority: options.priority,
    starts_at: options.startsAt,
    batch_timeout: options.batchTimeout,
    dependencies: options.dependencies,
    ...(create.clusterSize === "cluster_size"
      ? { cluster_size: size, cluster_mode: options.clusterMode }
      : {}),
    config: {
      ...(create.clusterSize === "config.clusterSize" ? { clusterSize: size } : {}),
      ...(create.clusterSize === "config.cluster_size" ? { cluster_size: size } : {}),
      mounts: [...new Set([...defaults.mounts, ...(options.mounts ?? [])])],
      environ: options.environ ?? {},
      resources: options.resources ?? {},
      resource_opts: options.resourceOptions ?? {},
      scaling_group: options.resourceGroup,
      preopen_ports: options.preopenPorts,
    },
  };
}

/** How long to wait for the head of create's answer, in milliseconds. */
export function createDeadlineMs(context: Context, options: CreateSessionOptions): number {
  const { createMs, headersMs } = context.transport.timeouts;
  const { timeoutMs, enqueueOnly, maxWaitSeconds = 0 } = options;
  if (timeoutMs !== undefined) {
    return timeoutMs;
  }
  if (enqueueOnly === true) {
    return headersMs;
  }
  return maxWaitSeconds > 0 ? maxWaitSeconds * 1000 + headersMs : createMs;
}
