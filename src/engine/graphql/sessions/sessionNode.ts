import type { Account } from "../../auth/account.js";
import type { Era } from "../../era.js";
import { canonicalName } from "../../images/imageCatalog.js";
import { historyOf } from "../../routes/sessions/detailRoutes.js";
import { portList } from "../../routes/sessions/services.js";
import { idleChecks } from "../../sessions/idleChecks.js";
import type { Session } from "../../sessions/session.js";
import { slotStrings } from "../../sessions/slots.js";
import { liveStatistics } from "../../sessions/statistics.js";

/** A record that GraphQL picks fields from; functions are called when their field is asked for, with the engine's parts. */
export type Node = Readonly<Record<string, unknown>>;

function time(value: Date | undefined): string | null {
  return value === undefined ? null : value.toISOString().replace("Z", "000+00:00");
}

/** What all types of sessions and containers share. */
function shared(session: Session): Node {
  const { spec } = session;
  const slots = JSON.stringify(slotStrings(spec.slots));
  const held = session.isPlaced ? slots : "{}";
  return {
    status: session.status,
    status_info: session.statusInfo,
    status_data: JSON.stringify(session.statusData ?? {}),
    status_changed: time(session.statusChanged),
    status_history: JSON.stringify(historyOf(session)),
    image: canonicalName(spec.image),
    registry: spec.image.registry,
    architecture: spec.image.architecture,
    created_at: time(session.createdAt),
    terminated_at: time(session.terminatedAt),
    starts_at: null,
    scheduled_at: time(session.history.get("SCHEDULED")),
    resource_opts: JSON.stringify({ main1: { shmem: spec.sharedMemoryBytes } }),
    occupied_slots: held,
    occupying_slots: held,
    requested_slots: slots,
    num_queries: session.queries,
    live_stat: (_: unknown, { era }: { readonly era: Era }) => liveStatistics(session, era),
    last_stat: (_: unknown, { era }: { readonly era: Era }) => liveStatistics(session, era),
    preopen_ports: spec.preopenPorts,
  };
}

function owned(session: Session, account: Account): Node {
  const { spec } = session;
  return {
    tag: spec.tag,
    domain_name: account.domain,
    group_name: account.group,
    group_id: account.groupId,
    user_email: account.email,
    full_name: account.email,
    user_id: account.userId,
    access_key: account.accessKey,
    created_user_email: account.email,
    created_user_id: account.userId,
    scaling_group: "default",
    startup_command: spec.startupCommand,
    result: session.result.toUpperCase(),
    service_ports: JSON.stringify(portList(session)),
    mounts: [...spec.mounts.keys()],
    vfolder_mounts: [...spec.mounts.keys()],
    priority: spec.priority,
  };
}

/** `ComputeSession`. */
export function sessionNode(session: Session, account: Account): Node {
  const { spec } = session;
  return {
    ...shared(session),
    ...owned(session, account),
    id: session.id,
    session_id: session.id,
    name: session.name,
    type: spec.type.toUpperCase(),
    main_kernel_id: session.kernelId,
    main_kernel_role: "COMPUTE",
    cluster_template: null,
    cluster_mode: "SINGLE_NODE",
    cluster_size: 1,
    agent_ids: session.isPlaced ? ["i-local"] : [],
    agents: session.isPlaced ? ["i-local"] : [],
    idle_checks: JSON.stringify(idleChecks(session)),
    abusing_reports: [],
    commit_status: session.isCommitting ? "ongoing" : "ready",
    inference_metrics: "{}",
    containers: () => [containerNode(session)],
    dependencies: () => spec.dependencies.map((other) => sessionNode(other, account)),
  };
}

/** `ComputeContainer`. */
export function containerNode(session: Session): Node {
  return {
    ...shared(session),
    id: session.kernelId,
    kernel_id: session.kernelId,
    session_id: session.id,
    role: "main",
    hostname: "main1",
    cluster_idx: 1,
    local_rank: 0,
    cluster_role: "main",
    cluster_hostname: "main1",
    agent: session.isPlaced ? "i-local" : null,
    agent_addr: null,
    container_id: session.execution === undefined ? null : session.containerId,
    abusing_report: null,
  };
}

/** `ComputeSession` of v4, `LegacyComputeSession` later. */
export function legacyNode(session: Session, account: Account): Node {
  const { spec } = session;
  return {
    ...shared(session),
    ...owned(session, account),
    id: session.kernelId,
    sess_id: session.name,
    session_name: session.name,
    sess_type: spec.type.toUpperCase(),
    session_type: spec.type.toUpperCase(),
    role: "master",
    lang: canonicalName(spec.image),
    user_uuid: account.userId,
    agent: session.isPlaced ? "i-local" : null,
    container_id: session.execution === undefined ? null : session.containerId,
    occupied_shares: "{}",
    mem_slot: Math.round((spec.slots["mem"] ?? 0) / 1024 ** 2),
    cpu_slot: spec.slots["cpu"] ?? 0,
    gpu_slot: 0,
    tpu_slot: 0,
    ...Object.fromEntries(unmeasured.map((name) => [name, 0])),
    workers: [],
  };
}

/** Statistics that the engine does not take. */
const unmeasured = [
  "cpu_used",
  "cpu_using",
  "mem_max_bytes",
  "mem_cur_bytes",
  "net_rx_bytes",
  "net_tx_bytes",
  "io_read_bytes",
  "io_write_bytes",
  "io_max_scratch_size",
  "io_cur_scratch_size",
];

/** The Relay-style session node. */
export function relayNode(session: Session, account: Account, queuePosition: number | null): Node {
  const container = containerNode(session);
  return {
    ...sessionNode(session, account),
    id: globalId("ComputeSessionNode", session.id),
    row_id: session.id,
    type: session.spec.type,
    result: session.result,
    project_id: account.groupId,
    queue_position: queuePosition,
    kernel_nodes: {
      count: 1,
      edges: [
        {
          cursor: "",
          node: {
            id: globalId("KernelNode", session.kernelId),
            row_id: session.kernelId,
            status: session.status,
            container_id: container["container_id"],
            cluster_role: "main",
            agent_id: container["agent"],
          },
        },
      ],
    },
  };
}

/** Relay's id: type and id in base64. */
export function globalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString("base64");
}

/** For the era that asks: what the rows of `compute_session_list` look like. */
export function listNode(session: Session, account: Account, era: Era): Node {
  return era.dialect.graphql.fields === "legacy"
    ? legacyNode(session, account)
    : sessionNode(session, account);
}
