import * as z from "zod/mini";
import { type ContainerRow, IdleCheck, type SessionDetailRow } from "../../wire/records/session.js";
import type { Dialect } from "../../wire/dialect.js";
import { isReleaseAtLeast } from "../../wire/version.js";

/** A session that another one waits for. */
export interface SessionDependency {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/** A container of a session. */
export interface ContainerSummary {
  readonly id: string;
  /** Its host name inside the cluster, such as `main1` or `sub2`. */
  readonly name: string;
  readonly isMain: boolean;
  readonly status: string;
  readonly statusInfo: string | undefined;
  readonly agent: string | undefined;
}

/** The idle checks of a session by their names: `network_timeout`, `session_lifetime`, `utilization`, and others (`protocol.md` §3.6). */
export type IdleChecks = Readonly<Record<string, IdleCheck>>;

/** What a session was asked for and why it is where it is. */
export interface SessionDetail {
  readonly id: string;
  readonly name: string;
  /** Lower case: `interactive`, `batch`, … */
  readonly type: string;
  readonly image: string;
  readonly status: string;
  readonly statusInfo: string | undefined;
  /** The scheduler's and the agent's words (§3.6); 20.09+. */
  readonly statusData: unknown;
  /** Slots as decimal text, memory in bytes; empty where the server keeps them to itself until the session runs. */
  readonly requestedSlots: Readonly<Record<string, string>>;
  /** Bytes as text. */
  readonly sharedMemory: string | undefined;
  readonly mounts: readonly string[];
  /** UUID of its group (project): the name that 26.8 gives beside it is cut to one letter (`real-servers.md`). */
  readonly groupId: string | undefined;
  readonly resourceGroup: string | undefined;
  readonly startupCommand: string | undefined;
  readonly tag: string | undefined;
  readonly clusterSize: number;
  /** Lower case: `single-node`, `multi-node`; 20.09+. */
  readonly clusterMode: string | undefined;
  /** The main one first; none on servers of v4, whose sessions are their containers. */
  readonly containers: readonly ContainerSummary[];
  /** 22.03+. */
  readonly dependencies: readonly SessionDependency[];
  /** 22.09+. */
  readonly idleChecks: IdleChecks;
}

/** The fields to ask `compute_session` for, as that release has them. */
export function detailFieldsOf(dialect: Dialect): string {
  const since = (release: string): boolean => isReleaseAtLeast(dialect.manager, release);
  const isLegacy = dialect.graphql.fields === "legacy";
  return [
    "id image status status_info tag group_id scaling_group startup_command resource_opts mounts",
    isLegacy
      ? "sess_id sess_type occupied_slots"
      : `name type containers{id status status_info agent${since("20.09") ? " cluster_role cluster_hostname cluster_idx" : ""}}`,
    ...(since("20.09") ? ["status_data cluster_size cluster_mode"] : []),
    ...(dialect.can.dependencies ? ["dependencies{id name status}"] : []),
    ...(dialect.can.idleChecks ? ["idle_checks"] : []),
    ...(since("23.09") ? ["requested_slots"] : isLegacy ? [] : ["occupied_slots"]),
  ].join(" ");
}

/** A session of any era as one shape. */
export function detailOf(row: SessionDetailRow, id: string): SessionDetail {
  return {
    id,
    name: row.name ?? row.sess_id ?? id,
    type: (row.type ?? row.sess_type ?? "interactive").toLowerCase(),
    image: row.image ?? "",
    status: (row.status ?? "").toUpperCase(),
    statusInfo: row.status_info || undefined,
    statusData: jsonOf(row.status_data),
    requestedSlots: slotsOf(row.requested_slots ?? row.occupied_slots),
    sharedMemory: sharedMemoryOf(row.resource_opts),
    mounts: (row.mounts ?? []).flatMap((mount) => mountName(mount) ?? []),
    groupId: row.group_id ?? undefined,
    resourceGroup: row.scaling_group ?? undefined,
    startupCommand: row.startup_command || undefined,
    tag: row.tag || undefined,
    clusterSize: row.cluster_size ?? 1,
    clusterMode: row.cluster_mode?.toLowerCase().replaceAll("_", "-"),
    containers: (row.containers ?? []).map(containerOf).sort(mainFirst),
    dependencies: (row.dependencies ?? []).map((other) => ({
      id: other.id ?? "",
      name: other.name ?? other.id ?? "",
      status: (other.status ?? "").toUpperCase(),
    })),
    idleChecks: idleChecksOf(row.idle_checks),
  };
}

/** The checks of `idle_checks`; what is none is left out. */
export function idleChecksOf(field: unknown): IdleChecks {
  const checks = z.safeParse(z.record(z.string(), z.unknown()), jsonOf(field)).data ?? {};
  return Object.fromEntries(
    Object.entries(checks).flatMap(([name, value]) => {
      const check = z.safeParse(IdleCheck, value);
      return check.success ? [[name, check.data]] : [];
    }),
  );
}

/** The value of a `JSONString`; `undefined` when it is none. */
function jsonOf(field: unknown): unknown {
  if (typeof field !== "string") {
    return field ?? undefined;
  }
  try {
    return JSON.parse(field) as unknown;
  } catch {
    return undefined;
  }
}

function slotsOf(field: unknown): Readonly<Record<string, string>> {
  const slots =
    z.safeParse(z.record(z.string(), z.union([z.string(), z.number()])), jsonOf(field)).data ?? {};
  return Object.fromEntries(Object.entries(slots).map(([name, amount]) => [name, String(amount)]));
}

/** `{"shmem": 67108864}`, since 23.09 within a name for each container. */
function sharedMemoryOf(field: unknown): string | undefined {
  const options = z.safeParse(z.record(z.string(), z.unknown()), jsonOf(field)).data ?? {};
  const all = [options, ...Object.values(options)];
  const found = all.flatMap((value) =>
    typeof value === "object" && value !== null && "shmem" in value ? [value.shmem] : [],
  )[0];
  return typeof found === "string" || typeof found === "number" ? String(found) : undefined;
}

/** A name, or a list that begins with one, which some managers give as JSON. */
function mountName(mount: unknown): string | undefined {
  const value = typeof mount === "string" && mount.startsWith("[") ? jsonOf(mount) : mount;
  const name: unknown = Array.isArray(value) ? value[0] : value;
  return typeof name === "string" && name !== "" ? name : undefined;
}

function containerOf(row: ContainerRow): ContainerSummary {
  const role = row.cluster_role ?? "main";
  return {
    id: row.id ?? "",
    name: row.cluster_hostname ?? `${role}${String(row.cluster_idx ?? 1)}`,
    isMain: role === "main",
    status: (row.status ?? "").toUpperCase(),
    statusInfo: row.status_info || undefined,
    agent: row.agent ?? undefined,
  };
}

function mainFirst(a: ContainerSummary, b: ContainerSummary): number {
  return Number(b.isMain) - Number(a.isMain) || a.name.localeCompare(b.name, "en", { numeric: true });
}
