import * as z from "zod/mini";
import type { Dialect } from "../../wire/dialect.js";
import {
  type ContainerRow,
  IdleCheckRecord,
  SessionDetailRow,
  SlotRecord,
} from "../../wire/records/session.js";
import { isReleaseAtLeast } from "../../wire/version.js";
import { graphqlRequest } from "../account/graphql.js";
import type { Context } from "../context.js";
import { GraphqlError } from "../errors.js";
import type { CallOptions } from "../options.js";
import { fieldsOf, sessionRow, type SessionSummary, summaryOf } from "./sessionList.js";

/** What listings of sessions leave out. What a release does not tell is empty. */
export interface SessionDetails {
  readonly summary: SessionSummary;
  /** What it has, or what it asked for while it waits: `{ cpu: "2", mem: "4294967296" }`. */
  readonly slots: Readonly<Record<string, string | number | null>>;
  /** Names of mounted virtual folders. */
  readonly mounts: readonly string[];
  readonly resourceGroup: string | undefined;
  readonly project: string | undefined;
  /** Lower case: `single-node`, `multi-node`. */
  readonly clusterMode: string | undefined;
  readonly idleChecks: readonly IdleCheck[];
  /** The main container first. */
  readonly containers: readonly ContainerSummary[];
}

/** A check that ends sessions. */
export interface IdleCheck {
  /** `network_timeout`, `session_lifetime`, `utilization`, … */
  readonly name: string;
  /** Until it ends the session, or until the check begins where `isGrace`. */
  readonly remainingSeconds: number;
  readonly isGrace: boolean;
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

/** A session with its details over GraphQL (`protocol.md` §3.4). */
export async function sessionDetails(
  context: Context,
  id: string,
  call: CallOptions,
): Promise<SessionDetails> {
  const { dialect } = context;
  const fields = `${fieldsOf(dialect)} ${detailFields(dialect)}`;
  const row = await sessionRow(context, { id, fields, record: SessionDetailRow }, call);
  const occupied = parsed(SlotRecord, row.occupied_slots) ?? {};
  const mode = row.cluster_mode?.toLowerCase().replaceAll("_", "-");
  return {
    summary: summaryOf(row, dialect),
    slots: Object.keys(occupied).length > 0 ? occupied : (parsed(SlotRecord, row.requested_slots) ?? {}),
    mounts: (row.mounts ?? []).flatMap((mount) => (mount === null ? [] : [mountName(mount)])),
    resourceGroup: row.scaling_group ?? undefined,
    project: row.group_name ?? undefined,
    clusterMode: mode,
    idleChecks: idleChecksOf(row.idle_checks),
    containers: (row.containers ?? []).map(containerOf).sort(mainFirst),
  };
}

/** The digest of an image; refusals of servers that do not know the image, or do not tell, are no failure. */
export async function imageDigest(
  context: Context,
  reference: string,
  call: CallOptions,
): Promise<string | undefined> {
  const query = "query($reference:String!){image(reference:$reference){digest}}";
  const Answer = z.looseObject({ digest: z.optional(z.nullable(z.string())) });
  try {
    const data = await graphqlRequest(context, query, { reference }, call);
    return z.safeParse(Answer, data["image"]).data?.digest ?? undefined;
  } catch (error) {
    if (error instanceof GraphqlError) {
      return undefined;
    }
    throw error;
  }
}

function detailFields(dialect: Dialect): string {
  const since = (release: string): boolean => isReleaseAtLeast(dialect.manager, release);
  const common = "occupied_slots mounts scaling_group group_name";
  if (dialect.graphql.fields === "legacy") {
    return common;
  }
  const cluster = since("20.09") ? " cluster_role cluster_hostname cluster_idx" : "";
  return [
    `${common} containers{id status status_info agent${cluster}}`,
    ...(since("20.09") ? ["cluster_mode"] : []),
    ...(since("22.09") ? ["idle_checks"] : []),
    ...(since("23.09") ? ["requested_slots"] : []),
  ].join(" ");
}

/** A JSON string, or what it stands for, as `schema` has it; `undefined` for anything else. */
function parsed<T extends z.ZodMiniType>(schema: T, value: unknown): z.infer<T> | undefined {
  try {
    return z.safeParse(schema, typeof value === "string" ? JSON.parse(value) : value).data;
  } catch {
    return undefined; // no JSON
  }
}

/** Old managers give a mount as a list in JSON, whose first part is its name. */
function mountName(mount: string): string {
  return parsed(z.array(z.unknown()), mount)?.find((part) => typeof part === "string") ?? mount;
}

function idleChecksOf(value: unknown): IdleCheck[] {
  const checks = parsed(z.record(z.string(), z.unknown()), value) ?? {};
  return Object.entries(checks).flatMap(([name, check]) => {
    const { remaining, remaining_time_type: type } = z.safeParse(IdleCheckRecord, check).data ?? {};
    return remaining === undefined || remaining === null
      ? []
      : [{ name, remainingSeconds: remaining, isGrace: type === "grace_period" }];
  });
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
