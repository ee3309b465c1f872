import { isReleaseAtLeast } from "./version.js";

/** Every session status that any release knows (`protocol.md` §3.6). Servers may send others: tolerate them. */
export const sessionStatuses = [
  "PENDING",
  "SCHEDULED",
  "DEPRIORITIZING",
  "RESERVED",
  "PREPARING",
  "BUILDING",
  "PULLING",
  "PREPARED",
  "CREATING",
  "RUNNING",
  "RUNNING_DEGRADED",
  "RESTARTING",
  "RESIZING",
  "SUSPENDED",
  "PREEMPTED",
  "RESCHEDULING",
  "TERMINATING",
  "TERMINATED",
  "ERROR",
  "CANCELLED",
] as const;

/** What a status means for a person. */
export type SessionPhase = "waiting" | "starting" | "running" | "ending" | "ended" | "failed" | "unknown";

const phases: Readonly<Record<(typeof sessionStatuses)[number], SessionPhase>> = {
  PENDING: "waiting",
  SCHEDULED: "waiting",
  DEPRIORITIZING: "waiting",
  RESERVED: "waiting",
  PREEMPTED: "waiting",
  RESCHEDULING: "waiting",
  SUSPENDED: "waiting",
  PREPARING: "starting",
  BUILDING: "starting",
  PULLING: "starting",
  PREPARED: "starting",
  CREATING: "starting",
  RESTARTING: "starting",
  RESIZING: "starting",
  RUNNING: "running",
  RUNNING_DEGRADED: "running",
  TERMINATING: "ending",
  TERMINATED: "ended",
  CANCELLED: "ended",
  ERROR: "failed",
};

/** The phase that a status belongs to; `unknown` for a status of a newer release. */
export function phaseOf(status: string): SessionPhase {
  return isKnownStatus(status) ? phases[status] : "unknown";
}

function isKnownStatus(status: string): status is keyof typeof phases {
  return Object.hasOwn(phases, status);
}

/** Statuses of sessions that are not over, by the release that brought them. */
const liveStatuses = [
  ["19.03", ["PENDING", "PREPARING", "PULLING", "RUNNING", "RESTARTING", "TERMINATING", "ERROR"]],
  ["20.09", ["SCHEDULED"]],
  ["23.09", ["RUNNING_DEGRADED"]],
  ["25.6", ["PREPARED", "CREATING"]],
  ["26.4", ["DEPRIORITIZING"]],
  ["26.8", ["RESERVED", "PREEMPTED", "RESCHEDULING"]],
] as const;

/** The statuses to list for what is not over, as manager release `manager` knows them: an unknown word is refused. */
export function liveStatusesOf(manager: string): readonly string[] {
  return liveStatuses.flatMap(([since, statuses]) => (isReleaseAtLeast(manager, since) ? statuses : []));
}
