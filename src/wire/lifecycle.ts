import { isReleaseAtLeast } from "./version.js";

/** A step on a session's way: the status that it enters, and the events that say so, in the order of real servers. */
export interface LifecycleStep {
  readonly status: string;
  readonly events: readonly LifecycleEvent[];
}

/** A life-cycle event of an era. */
export interface LifecycleEvent {
  readonly name: string;
  /** The reason that real servers give; absent: the reason of whoever caused the step. */
  readonly reason?: string;
}

/** The way of a session in one era, as recorded or as read from source (`protocol.md` §3.6, §5.3, `docs/real-servers.md`). */
export interface Lifecycle {
  /** From `PENDING` to `RUNNING`. */
  readonly creation: readonly LifecycleStep[];
  /** From `TERMINATING` to `TERMINATED`. */
  readonly destruction: readonly LifecycleStep[];
  readonly cancellation: readonly LifecycleEvent[];
  /** After a restart. */
  readonly restart: readonly LifecycleEvent[];
  readonly success: LifecycleEvent;
  readonly failure: LifecycleEvent;
}

/** The life cycle of sessions on manager release `manager`. */
export function lifecycleOf(manager: string): Lifecycle {
  if (isReleaseAtLeast(manager, "25.6")) {
    return transitionEra;
  }
  if (!isReleaseAtLeast(manager, "20.09")) {
    return kernelEra;
  }
  // Recorded on 23.09: the session's own creation events never reach its clients.
  const announcesCreation = !isReleaseAtLeast(manager, "23.09") || isReleaseAtLeast(manager, "24.03");
  return sessionEra(announcesCreation, isReleaseAtLeast(manager, "24.03"));
}

const named = (...names: readonly string[]): LifecycleEvent[] => names.map((name) => ({ name }));
const because = (name: string, reason: string): LifecycleEvent => ({ name, reason });
const silent = (name: string): LifecycleEvent => ({ name, reason: "" });

/** 19.09 and 20.03: events of kernels only. */
const kernelEra: Lifecycle = {
  creation: [
    { status: "PENDING", events: [silent("kernel_enqueued")] },
    { status: "PREPARING", events: [silent("kernel_preparing"), silent("kernel_creating")] },
    { status: "RUNNING", events: [silent("kernel_started")] },
  ],
  destruction: [
    { status: "TERMINATING", events: named("kernel_terminating") },
    { status: "TERMINATED", events: named("kernel_terminated") },
  ],
  cancellation: named("kernel_cancelled"),
  restart: [],
  success: because("kernel_success", "task-finished"),
  failure: because("kernel_failure", "task-failed"),
};

/** 20.09 to 25.5: events of sessions and kernels. */
function sessionEra(announcesCreation: boolean, restarts: boolean): Lifecycle {
  const own = (name: string): LifecycleEvent[] => (announcesCreation ? [because(name, "unknown")] : []);
  return {
    creation: [
      { status: "PENDING", events: own("session_enqueued") },
      { status: "SCHEDULED", events: own("session_scheduled") },
      { status: "PREPARING", events: [silent("kernel_preparing"), silent("kernel_creating")] },
      { status: "RUNNING", events: [silent("kernel_started"), ...own("session_started")] },
    ],
    destruction: [
      { status: "TERMINATING", events: named("session_terminating", "kernel_terminating") },
      {
        status: "TERMINATED",
        events: named("kernel_terminated", "kernel_terminated", "kernel_terminated", "session_terminated"),
      },
    ],
    cancellation: named("session_cancelled"),
    restart: restarts ? [silent("kernel_started"), because("session_started", "unknown")] : [],
    success: because("session_success", "task-finished"),
    failure: because("session_failure", "task-failed"),
  };
}

/** 25.6 on: one event for every status that the scheduler moves a session to. */
const transitionEra: Lifecycle = {
  creation: [
    { status: "PENDING", events: [because("session_pending", "Session enqueued")] },
    { status: "SCHEDULED", events: [because("session_scheduled", "triggered-by-scheduler")] },
    { status: "PREPARING", events: [because("session_preparing", "passed-preconditions")] },
    { status: "PREPARED", events: [because("session_prepared", "triggered-by-scheduler")] },
    {
      status: "CREATING",
      events: [
        silent("kernel_preparing"),
        silent("kernel_creating"),
        silent("kernel_started"),
        because("session_creating", "triggered-by-scheduler"),
      ],
    },
    { status: "RUNNING", events: [because("session_started", "triggered-by-scheduler")] },
  ],
  destruction: [
    { status: "TERMINATING", events: named("session_terminating") },
    {
      status: "TERMINATED",
      events: [
        ...named("kernel_terminated", "kernel_terminated"),
        because("session_terminated", "triggered-by-scheduler"),
      ],
    },
  ],
  cancellation: [because("session_cancelled", "triggered-by-scheduler")],
  restart: [],
  success: because("session_success", "task-finished"),
  failure: because("session_failure", "task-failed"),
};
