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
